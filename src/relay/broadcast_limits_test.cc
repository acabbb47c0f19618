// What a client may send of broadcasts by default: discovery passes, floods do not.
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
