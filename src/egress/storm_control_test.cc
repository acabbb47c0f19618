#include "egress/storm_control.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::egress {
namespace {

using std::chrono::milliseconds;
using namespace proto::test;

constexpr TimePoint at(Duration time) { return TimePoint(time); }

Frame broadcast_to_port(std::size_t port) {
  return ipv4_udp(kBroadcastMac, test_mac(1), {.destination_port = static_cast<std::uint16_t>(port)});
}
Frame of_type(std::uint16_t type) { return ethernet(kBroadcastMac, test_mac(1), type, pattern(46)); }

bool take(StormControl& storm, TimePoint now, const Frame& frame) {
  return storm.take(now, broadcast_kind(proto::parse_packet(frame).value()));
}

class StormControlTest : public testing::Test {
 protected:
  bool take(const Frame& frame, Duration now = {}) { return ::softlan::egress::take(storm_, at(now), frame); }
  // Sends until nothing more of the kind passes.
  void exhaust(const Frame& frame) {
    while (take(frame)) {
    }
  }

  StormControl storm_{10};
};

TEST_F(StormControlTest, LetsTwoSecondsOfOneKindThroughAtOnceAndThenTheRate) {
  const Frame frame = broadcast_to_port(27015);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(take(frame));
  EXPECT_FALSE(take(frame));
  EXPECT_FALSE(take(frame, milliseconds(99)));
  EXPECT_TRUE(take(frame, milliseconds(100)));
  EXPECT_FALSE(take(frame, milliseconds(100)));
}

TEST_F(StormControlTest, ForgetsAStormAfterTwoSecondsOfQuiet) {
  const Frame frame = broadcast_to_port(27015);
  exhaust(frame);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(take(frame, milliseconds(2000)));
  EXPECT_FALSE(take(frame, milliseconds(2000)));
}

TEST_F(StormControlTest, TellsDestinationPortsApart) {
  exhaust(broadcast_to_port(27015));
  EXPECT_TRUE(take(broadcast_to_port(27016)));
}

TEST_F(StormControlTest, TellsArpFromEverythingElse) {
  exhaust(broadcast_to_port(27015));
  EXPECT_TRUE(take(arp(test_mac(1), ip("192.0.2.1"), ip("192.0.2.2"))));
}

TEST_F(StormControlTest, TellsEthertypesApart) {
  exhaust(of_type(0x8137));  // IPX
  EXPECT_TRUE(take(of_type(0x88b5)));
}

TEST_F(StormControlTest, TellsIpProtocolsApart) {
  exhaust(ipv6_icmp(kAllNodesMac, test_mac(1), 143));  // MLD report
  EXPECT_TRUE(take(ipv6_udp(kAllNodesMac, test_mac(1))));
}

TEST_F(StormControlTest, TellsAnIgmpReportFromAnEmptyUdpHeader) {
  exhaust(ipv4(kBroadcastMac, test_mac(1), {.protocol = 2, .payload = pattern(8)}));
  EXPECT_TRUE(take(ipv4(kBroadcastMac, test_mac(1), {.payload = pattern(2)})));
}

TEST_F(StormControlTest, TellsLlcServicesApartWhateverTheLength) {
  exhaust(llc(kBroadcastMac, test_mac(1), Frame{0xe0, 0xe0, 0x03}));  // IPX
  EXPECT_FALSE(take(llc(kBroadcastMac, test_mac(1), Frame{0xe0, 0xe0, 0x03, 1, 2, 3})));
  EXPECT_TRUE(take(llc(kBroadcastMac, test_mac(1), Frame{0xf0, 0xf0, 0x03})));  // NetBEUI
}

TEST_F(StormControlTest, SeesThroughVlanTags) {
  exhaust(broadcast_to_port(27015));
  EXPECT_FALSE(take(vlan(broadcast_to_port(27015), 7)));
  EXPECT_FALSE(take(vlan(vlan(broadcast_to_port(27015), 7), 8)));
  EXPECT_TRUE(take(vlan(broadcast_to_port(27016), 7)));
}

TEST_F(StormControlTest, IsNotFooledBySourcePortsAndContents) {
  exhaust(broadcast_to_port(27015));
  EXPECT_FALSE(take(
      ipv4_udp(kBroadcastMac, test_mac(1), {.source_port = 5, .destination_port = 27015, .payload = pattern(900)})));
}

TEST_F(StormControlTest, TakesFramesOfAnyShape) {
  EXPECT_TRUE(take(ethernet(kBroadcastMac, test_mac(1), 0x0800, {})));
  EXPECT_TRUE(take(ethernet(kBroadcastMac, test_mac(1), 0, {})));
  EXPECT_TRUE(take(ethernet(kBroadcastMac, test_mac(1), 0x86dd, pattern(39))));
  EXPECT_TRUE(take(ipv4(kBroadcastMac, test_mac(1), {.fragment_offset = 1480, .payload = pattern(100)})));
}

TEST(StormControl, OfZeroIsNone) {
  StormControl storm(0);
  const Frame frame = broadcast_to_port(27015);
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(take(storm, at({}), frame));
}

TEST(StormControl, HasNoPlaceThatInventedKindsCouldFree) {
  StormControl storm(10);
  while (take(storm, at({}), broadcast_to_port(27015))) {
  }
  for (std::size_t port = 0; port < 65536; ++port) (void)take(storm, at({}), broadcast_to_port(port));
  EXPECT_FALSE(take(storm, at({}), broadcast_to_port(27015)));
}

TEST(StormControl, CanTellOneHostFromAnother) {
  StormControl storm(10, 4096);
  const auto take_of = [&](std::uint8_t host, std::uint16_t port) {
    const Frame frame = ipv4_udp(kBroadcastMac, test_mac(host), {.destination_port = port});
    return storm.take(at({}), broadcast_kind_of_source(proto::parse_packet(frame).value()));
  };
  while (take_of(1, 27015)) {
  }
  EXPECT_TRUE(take_of(2, 27015));
  EXPECT_TRUE(take_of(1, 27016));
}

}  // namespace
}  // namespace softlan::egress
