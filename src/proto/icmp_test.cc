#include "proto/icmp.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using namespace test;

const Mac kFrom = test_mac(1);
const Mac kTo = test_mac(2);

TransportView transport(const Frame& frame) { return parse_transport(parse_frame(frame).value()).value(); }
bool from_router(const Frame& frame) { return is_router_message(transport(frame)); }
std::optional<NeighbourView> read(const Frame& frame) { return parse_neighbour(transport(frame)); }

TEST(RouterMessage, IsAnAdvertisementOrARedirect) {
  EXPECT_TRUE(from_router(router_advertisement(kFrom)));
  EXPECT_TRUE(from_router(ipv6_icmp(kTo, kFrom, 137)));
  EXPECT_TRUE(from_router(ipv4_icmp(kTo, kFrom, 5)));
  EXPECT_TRUE(from_router(ipv4_icmp(kTo, kFrom, 9)));
}

TEST(RouterMessage, IsNothingElse) {
  for (const std::uint8_t type : Frame{1, 5, 9, 128, 133, 135, 136, 143})
    EXPECT_FALSE(from_router(ipv6_icmp(kTo, kFrom, type))) << int{type};
  for (const std::uint8_t type : Frame{0, 3, 8, 10, 11, 134, 137})
    EXPECT_FALSE(from_router(ipv4_icmp(kTo, kFrom, type))) << int{type};
  EXPECT_FALSE(from_router(ipv6_udp(kTo, kFrom, {.source_port = 134 << 8})));
  EXPECT_FALSE(from_router(ipv4(kTo, kFrom, {.protocol = kProtocolIcmpv6, .payload = Frame(8, 134)})));
}

TEST(RouterMessage, IsFoundBehindExtensionHeadersAndInAFirstFragment) {
  EXPECT_TRUE(from_router(ipv6_icmp(kTo, kFrom, 134, {hop_by_hop(), destination_options(), fragment_header(0, true)})));
  EXPECT_FALSE(from_router(ipv6_icmp(kTo, kFrom, 134, {fragment_header(64, false)})));
}

TEST(ParseNeighbour, ReadsWhatAnAdvertisementClaims) {
  const auto claim = read(neighbour(kFrom, {.target = ip("fe80::9"), .link_addresses = {test_mac(9)}}));
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->address, ip("fe80::9"));
  EXPECT_EQ(claim->link_address, test_mac(9));
  EXPECT_FALSE(claim->is_probe);
  EXPECT_FALSE(claim->contradictory);
}

TEST(ParseNeighbour, TakesASolicitationForItsSendersClaim) {
  for (const std::uint8_t type : {kRouterSolicitation, kNeighbourSolicitation}) {
    const auto claim = read(neighbour(kFrom, {.type = type, .target = ip("fe80::9"), .link_addresses = {kFrom}}));
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->address, ip("fe80::1"));
    EXPECT_EQ(claim->link_address, kFrom);
    EXPECT_FALSE(claim->is_probe);
  }
}

TEST(ParseNeighbour, KnowsAProbe) {
  const auto probe = read(neighbour_probe(kFrom, ip("fe80::9")));
  ASSERT_TRUE(probe);
  EXPECT_TRUE(probe->is_probe);
  EXPECT_EQ(probe->address, ip("fe80::9"));
  EXPECT_FALSE(probe->link_address);
}

TEST(ParseNeighbour, NoticesTwoLinkAddresses) {
  EXPECT_TRUE(read(neighbour(kFrom, {.link_addresses = {kFrom, kTo}}))->contradictory);
  EXPECT_FALSE(read(neighbour(kFrom, {.link_addresses = {kFrom, kFrom}}))->contradictory);
}

TEST(ParseNeighbour, LeavesAloneWhatEveryHostIgnores) {
  const Frame good = neighbour(kFrom, {.link_addresses = {kFrom}});
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Frame frame = good;
    frame[14 + at] = value;
    return read(frame).has_value();
  };
  EXPECT_FALSE(changed(7, 254));                                       // came through a router
  EXPECT_FALSE(changed(40 + 1, 1));                                    // code
  EXPECT_FALSE(changed(40 + 25, 0));                                   // an option of no size
  EXPECT_FALSE(changed(40 + 25, 2));                                   // an option beyond the end
  EXPECT_FALSE(changed(40, 137));                                      // a redirect
  EXPECT_FALSE(read(ipv6_icmp(kTo, kFrom, kNeighbourAdvertisement)));  // cut short
  EXPECT_FALSE(read(ipv6_udp(kTo, kFrom)));
  EXPECT_FALSE(read(neighbour(kFrom, {.extensions = {fragment_header(0, true)}})));
}

TEST(NeighbourDiscovery, IsKnownInAFragmentToo) {
  EXPECT_TRUE(is_neighbour_discovery(transport(neighbour(kFrom, {.extensions = {fragment_header(0, true)}}))));
  EXPECT_TRUE(is_neighbour_discovery(transport(neighbour_probe(kFrom, ip("fe80::9")))));
  EXPECT_FALSE(is_neighbour_discovery(transport(ipv6_icmp(kTo, kFrom, 128))));
  EXPECT_FALSE(is_neighbour_discovery(transport(ipv4_icmp(kTo, kFrom, 135))));
}

TEST(SolicitedAddress, IsWhatASolicitationOrProbeAsksFor) {
  const auto solicited = [](const Frame& frame) { return solicited_address(transport(frame)); };
  EXPECT_EQ(solicited(neighbour(kFrom, {.type = kNeighbourSolicitation, .target = ip("fe80::9")})), ip("fe80::9"));
  EXPECT_EQ(solicited(neighbour_probe(kFrom, ip("fe80::9"))), ip("fe80::9"));
  EXPECT_FALSE(solicited(neighbour(kFrom, {.target = ip("fe80::9")})));
  EXPECT_FALSE(solicited(neighbour(kFrom, {.type = kRouterSolicitation})));
  EXPECT_FALSE(solicited(ipv6_udp(kTo, kFrom)));
}

TEST(ParseNeighbour, ReadsWithinItsBoundsOnly) {
  const Frame good = neighbour(kFrom, {.link_addresses = {kFrom, kTo}});
  SeededRandom random(6);
  for (int i = 0; i < 20'000; ++i) {
    Frame frame = good;
    frame[54 + random.below(frame.size() - 54)] = static_cast<std::uint8_t>(random.next_u64());
    frame.resize(54 + random.below(frame.size() - 53));
    frame.shrink_to_fit();
    (void)solicited_address(transport(frame));
    (void)is_router_message(transport(frame));
  }
}

}  // namespace
}  // namespace softlan::proto
