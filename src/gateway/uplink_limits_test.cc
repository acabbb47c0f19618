#include "gateway/uplink_limits.h"

#include <gtest/gtest.h>

#include "gateway/member_addresses.h"
#include "proto/test_frames.h"

namespace softlan::gateway {
namespace {

using namespace proto::test;
using obs::DropReason;
using std::chrono::milliseconds;
using std::chrono::seconds;

Frame to_port(std::uint8_t host, std::uint16_t port) {
  return ipv4_udp(kBroadcastMac, test_mac(host), {.destination_port = port});
}

class UplinkLimitsTest : public testing::Test {
 protected:
  DropReason take(Duration at, const Frame& frame) {
    return limits_.take(TimePoint(at), proto::parse_packet(frame).value());
  }
  bool passes(Duration at, const Frame& frame) { return take(at, frame) == DropReason::none; }

  UplinkLimits limits_{true};
};

TEST_F(UplinkLimitsTest, ShowEveryLobbyOfAHundredComputersForAnHour) {
  for (int second = 0; second < 3600; ++second) {
    for (std::uint8_t host = 1; host <= 100; ++host) {
      const Duration at = seconds(second) + milliseconds(10) * host;
      ASSERT_TRUE(passes(at, to_port(host, 4445)));  // a lobby
      ASSERT_TRUE(passes(at, arp(test_mac(host), ip("192.0.2.1"), ip("192.0.2.2"))));
      if (second % 10 == host % 10) {
        ASSERT_TRUE(passes(at, to_port(host, 5353)));
      }
    }
  }
}

TEST_F(UplinkLimitsTest, ShowAHundredLobbiesThatOpenAtOnce) {
  for (std::uint8_t host = 1; host <= 100; ++host) EXPECT_TRUE(passes({}, to_port(host, 6112)));
}

TEST_F(UplinkLimitsTest, LetNoHostTakeTheOthersPlace) {
  while (passes({}, to_port(1, 1900))) {
  }
  EXPECT_EQ(take({}, to_port(1, 1900)), DropReason::storm_control);
  EXPECT_TRUE(passes({}, to_port(2, 1900)));
  EXPECT_TRUE(passes({}, to_port(1, 27015)));
}

TEST_F(UplinkLimitsTest, LetNoKindTakeTheOthersPlace) {
  int noise = 0;
  for (int i = 0; i < 10'000; ++i) noise += passes({}, to_port(static_cast<std::uint8_t>(i % 200), 1900)) ? 1 : 0;
  EXPECT_EQ(noise, 400);
  EXPECT_TRUE(passes({}, to_port(250, 27015)));
}

TEST_F(UplinkLimitsTest, BoundAllOfItTogether) {
  int passed = 0;
  for (int i = 0; i < 10'000; ++i) {
    passed +=
        passes({}, to_port(static_cast<std::uint8_t>(i % 200), static_cast<std::uint16_t>(1024 + i % 50))) ? 1 : 0;
  }
  EXPECT_EQ(passed, 1000);
  EXPECT_EQ(take({}, to_port(1, 30000)), DropReason::broadcast_limit);
  EXPECT_TRUE(passes(milliseconds(2), to_port(1, 30000)));
}

// A /24 at full speed, with three members in it.
TEST_F(UplinkLimitsTest, LetAScanFindEveryMember) {
  MemberAddresses members;
  for (const std::uint8_t member : Frame{200, 230, 254}) {
    const Frame said = ipv4_udp(kBroadcastMac, test_mac(member));
    members.learn(proto::parse_frame(said).value());
  }
  int others = 0;
  for (int scans = 0; scans < 3; ++scans) {
    for (std::uint8_t host = 1; host <= 254; ++host) {
      const Frame question = arp(test_mac(1), ip("192.0.2.1"), ipv4_of(test_mac(host)));
      const auto packet = proto::parse_packet(question).value();
      if (const auto asked = members.asked_for(packet)) {
        EXPECT_EQ(limits_.take_question({}, packet, *asked), DropReason::none);
      } else {
        others += passes({}, question) ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(others, 100);
}

TEST_F(UplinkLimitsTest, BoundHowOftenAHostAsksForTheSameMember) {
  const auto ask = [&](std::uint8_t host, std::uint8_t member) {
    const Frame question = arp(test_mac(host), ipv4_of(test_mac(host)), ipv4_of(test_mac(member)));
    return limits_.take_question({}, proto::parse_packet(question).value(), ipv4_of(test_mac(member)));
  };
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(1, 200), DropReason::none);
  EXPECT_EQ(ask(1, 200), DropReason::storm_control);
  EXPECT_EQ(ask(1, 201), DropReason::none);
  EXPECT_EQ(ask(2, 200), DropReason::none);
}

TEST(UplinkLimits, PassEverythingWhenSwitchedOff) {
  UplinkLimits limits(false);
  const Frame frame = to_port(1, 1900);
  const auto packet = proto::parse_packet(frame).value();
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(limits.take(TimePoint{}, packet), DropReason::none);
}

}  // namespace
}  // namespace softlan::gateway
