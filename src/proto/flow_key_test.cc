#include "proto/flow_key.h"

#include <gtest/gtest.h>

#include <set>

#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using test::Frame;
using test::test_mac;

constexpr std::uint64_t kSalt = 0x1234'5678'9abc'def0;

std::uint64_t key(const Frame& frame) { return flow_key(frame, kSalt); }

Frame udp(std::uint16_t source_port, std::size_t size = 50) {
  return test::ipv4_udp(test_mac(2), test_mac(1),
                        {.source_port = source_port, .destination_port = 27015, .payload = test::pattern(size)});
}

Frame ipv4_of(std::uint8_t protocol, std::uint16_t id, bool more, std::size_t offset) {
  return test::ipv4(test_mac(2), test_mac(1),
                    {.protocol = protocol,
                     .id = id,
                     .more_fragments = more,
                     .fragment_offset = offset,
                     .payload = test::pattern(64)});
}

Frame ipv6_with(std::vector<test::Extension> extensions, Frame payload = test::pattern(64)) {
  return test::ipv6(
      test_mac(2), test_mac(1),
      {.protocol = test::kProtocolUdp, .extensions = std::move(extensions), .payload = std::move(payload)});
}

TEST(FlowKey, IsTheSameForAllFramesOfAConnection) { EXPECT_EQ(key(udp(1000, 10)), key(udp(1000, 900))); }

TEST(FlowKey, TellsPortsProtocolsAndAddressesApart) {
  Frame other_address = udp(1000);
  other_address[14 + 19] ^= 1;
  const std::set<std::uint64_t> keys = {key(udp(1000)), key(udp(1001)), key(other_address),
                                        key(ipv4_of(test::kProtocolTcp, 1, false, 0))};
  EXPECT_EQ(keys.size(), 4u);
}

TEST(FlowKey, LooksBehindVlanTags) {
  EXPECT_EQ(key(test::vlan(udp(1000), 7)), key(udp(1000)));
  EXPECT_EQ(key(test::vlan(test::vlan(udp(1000), 7), 8, ethertype::service_vlan)), key(udp(1000)));
  EXPECT_NE(key(test::vlan(udp(1000), 7)), key(test::vlan(udp(1001), 7)));
}

TEST(FlowKey, IsTheSameForAllFragmentsOfAnIpv4Packet) {
  const std::uint64_t first = key(ipv4_of(test::kProtocolUdp, 9, true, 0));
  EXPECT_EQ(key(ipv4_of(test::kProtocolUdp, 9, true, 64)), first);
  EXPECT_EQ(key(ipv4_of(test::kProtocolUdp, 9, false, 128)), first);
  EXPECT_NE(key(ipv4_of(test::kProtocolUdp, 10, true, 64)), first);
  EXPECT_NE(key(ipv4_of(test::kProtocolTcp, 9, true, 64)), first);
}

TEST(FlowKey, IsTheSameForAFirstFragmentTooShortForItsPorts) {
  const Frame tiny = test::ipv4(test_mac(2), test_mac(1), {.id = 9, .more_fragments = true, .payload = {1, 2}});
  EXPECT_EQ(key(tiny), key(ipv4_of(test::kProtocolUdp, 9, false, 8)));
}

TEST(FlowKey, IsTheSameForAllFragmentsOfAnIpv6Packet) {
  const std::uint64_t first = key(ipv6_with({test::fragment_header(0, true)}));
  EXPECT_EQ(key(ipv6_with({test::fragment_header(64, false)})), first);
  EXPECT_EQ(key(ipv6_with({test::hop_by_hop(), test::fragment_header(64, false)})), first);
  EXPECT_NE(key(ipv6_with({})), first);
}

TEST(FlowKey, FindsPortsBehindIpv6ExtensionHeaders) {
  const std::uint64_t plain = key(ipv6_with({}));
  EXPECT_EQ(key(ipv6_with({test::hop_by_hop(), test::destination_options()})), plain);
  EXPECT_EQ(key(ipv6_with({test::fragment_header(0, false)})), plain) << "an atomic fragment is a whole packet";
  EXPECT_NE(key(ipv6_with({test::hop_by_hop()}, test::pattern(64))),
            key(ipv6_with({test::hop_by_hop()}, Frame(64, 7))));
}

TEST(FlowKey, IsOfMacAddressesAndEthertypeForEverythingElse) {
  const auto ipx = [](std::uint8_t from, std::uint16_t type) {
    return key(test::ethernet(test_mac(2), test_mac(from), type, test::pattern(40)));
  };
  EXPECT_EQ(ipx(1, 0x8137), ipx(1, 0x8137));
  EXPECT_NE(ipx(1, 0x8137), ipx(3, 0x8137));
  EXPECT_NE(ipx(1, 0x8137), ipx(1, 0x8138));
  EXPECT_EQ(key(ipv4_of(test::kProtocolIcmp, 1, false, 0)), key(ipv4_of(test::kProtocolIcmp, 2, false, 0)));
}

TEST(FlowKey, ReadsNothingBeyondAFrameCutAnywhere) {
  const Frame whole = test::vlan(ipv6_with({test::hop_by_hop(), test::fragment_header(64, true)}), 7);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const Frame cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));  // of its own, for sanitizers
    EXPECT_EQ(key(cut), key(cut));
  }
}

TEST(FlowKey, MeansNothingUnderAnotherSalt) { EXPECT_NE(flow_key(udp(1000), 1), flow_key(udp(1000), 2)); }

TEST(FlowKey, SpreadsNeighbouringPortsOverATable) {
  std::set<std::uint64_t> places;
  for (std::uint16_t port = 1000; port < 1256; ++port) places.insert(key(udp(port)) % 256);
  EXPECT_GT(places.size(), 140u);  // by chance 162 of 256
}

}  // namespace
}  // namespace softlan::proto
