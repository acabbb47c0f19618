#include "relay/storm_control.h"

#include <gtest/gtest.h>

#include <random>

#include "proto/test_frames.h"
#include "relay/config.h"
#include "relay/limits.h"

namespace softlan::relay {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using namespace proto::test;

constexpr TimePoint at(Duration time) { return TimePoint(time); }

Frame broadcast_to_port(std::size_t port) {
  return ipv4_udp(kBroadcastMac, test_mac(1), {.destination_port = static_cast<std::uint16_t>(port)});
}
Frame of_type(std::uint16_t type) { return ethernet(kBroadcastMac, test_mac(1), type, pattern(46)); }

// A client's limits as they are by default, in the order the forwarder asks them.
class Client {
 public:
  bool send(TimePoint now, const Frame& frame) {
    const bool passes =
        limits_.take_broadcast_kind(now, proto::parse_packet(frame).value()) && limits_.take_broadcast(now);
    passed_ += passes ? 1 : 0;
    return passes;
  }
  [[nodiscard]] int passed() const { return passed_; }

 private:
  SeatLimits limits_{kDefaultLimits, LimitsConfig{}.broadcast_kind_per_second};
  int passed_ = 0;
};

// 20,000 broadcasts within two seconds; `frame_of` says what the n-th is.
template <typename FrameOf>
int delivered_of_a_flood(FrameOf frame_of) {
  Client client;
  for (std::size_t n = 0; n < 20'000; ++n) client.send(at(n * microseconds(100)), frame_of(n));
  return client.passed();
}

class StormControlTest : public testing::Test {
 protected:
  bool take(const Frame& frame, Duration now = {}) { return storm_.take(at(now), proto::parse_packet(frame).value()); }
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
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(storm.take(at({}), proto::parse_packet(frame).value()));
}

TEST(StormControl, HasNoPlaceThatInventedKindsCouldFree) {
  StormControl storm(10);
  const auto take = [&](const Frame& frame) { return storm.take(at({}), proto::parse_packet(frame).value()); };
  while (take(broadcast_to_port(27015))) {
  }
  for (std::size_t port = 0; port < 65536; ++port) (void)take(broadcast_to_port(port));
  EXPECT_FALSE(take(broadcast_to_port(27015)));
}

TEST(Discovery, TwoServerBrowsersRefreshAtOnceAndAgainASecondLater) {
  Client client;
  for (std::size_t port = 27015; port < 27031; ++port) EXPECT_TRUE(client.send(at({}), broadcast_to_port(port)));
  for (std::size_t port = 2302; port < 2316; ++port) EXPECT_TRUE(client.send(at({}), broadcast_to_port(port)));
  for (std::size_t port = 27015; port < 27045; ++port) {
    EXPECT_TRUE(client.send(at(milliseconds(1000)), broadcast_to_port(port)));
  }
}

TEST(Discovery, ABrowserMayAskTwiceOnEachOfThirtyPorts) {
  Client client;
  for (std::size_t n = 0; n < 60; ++n) EXPECT_TRUE(client.send(at({}), broadcast_to_port(27015 + n % 30)));
}

TEST(Discovery, AComputerMayIntroduceItselfAllAtOnce) {
  Client client;
  const Frame router_solicitation = ipv6_icmp(kAllNodesMac, test_mac(1), 133);
  for (int i = 0; i < 12; ++i) {
    EXPECT_TRUE(client.send(at({}), broadcast_to_port(137)));   // NetBIOS: four names, three times
    EXPECT_TRUE(client.send(at({}), broadcast_to_port(1900)));  // SSDP
    EXPECT_TRUE(client.send(at({}), broadcast_to_port(5353)));  // mDNS
    EXPECT_TRUE(client.send(at({}), router_solicitation));
    EXPECT_TRUE(client.send(at({}), arp(test_mac(1), ip("192.0.2.1"), ip("192.0.2.2"))));
  }
  EXPECT_TRUE(client.send(at({}), dhcp_client_message(test_mac(1))));
}

TEST(Discovery, AGameServerMayAnnounceItselfForAnHourTenTimesASecond) {
  Client client;
  const Frame heartbeat = broadcast_to_port(4445);
  for (int n = 0; n < 36'000; ++n) ASSERT_TRUE(client.send(at(n * milliseconds(100)), heartbeat));
}

TEST(Discovery, ASilencedStormLeavesTheOtherKindsAlone) {
  Client client;
  const Frame storm = broadcast_to_port(9999);
  const Frame question = arp(test_mac(1), ip("192.0.2.1"), ip("192.0.2.2"));
  for (int n = 0; n < 100'000; ++n) {
    client.send(at(n * microseconds(100)), storm);
    if (n % 10'000 == 0) {
      EXPECT_TRUE(client.send(at(n * microseconds(100)), question));
    }
  }
}

TEST(Flood, OfOneKindShrinksBelowOnePercent) {
  EXPECT_LT(delivered_of_a_flood([](std::size_t) { return broadcast_to_port(27015); }), 200);
}

TEST(Flood, OfManyKindsShrinksBelowOnePercent) {
  EXPECT_LT(delivered_of_a_flood([](std::size_t n) { return broadcast_to_port(1024 + n); }), 200);
  EXPECT_LT(delivered_of_a_flood([](std::size_t n) { return of_type(static_cast<std::uint16_t>(0x0600 + n)); }), 200);
}

TEST(Flood, OfRandomFramesShrinksBelowOnePercent) {
  std::mt19937 random(1);
  EXPECT_LT(delivered_of_a_flood([&](std::size_t) {
              Frame frame = broadcast_to_port(27015);
              for (std::size_t i = 12; i < frame.size(); ++i) frame[i] = static_cast<std::uint8_t>(random());
              return frame;
            }),
            200);
}

TEST(Flood, OfFragmentsShrinksBelowOnePercent) {
  EXPECT_LT(delivered_of_a_flood([](std::size_t n) {
              return ipv4(
                  kBroadcastMac, test_mac(1),
                  {.id = static_cast<std::uint16_t>(n), .fragment_offset = 8 * (n % 100), .payload = pattern(64)});
            }),
            200);
}

}  // namespace
}  // namespace softlan::relay
