#include "relay/limits.h"

#include <gtest/gtest.h>

#include "relay/config.h"

namespace softlan::relay {
namespace {

using std::chrono::seconds;

TimePoint at(int second) { return TimePoint(seconds(second)); }

template <typename Take>
int passed(int attempts, Take take) {
  int count = 0;
  for (int i = 0; i < attempts; ++i) count += take() ? 1 : 0;
  return count;
}

TEST(SeatLimits, LetTwoServerBrowsersRefreshAtOnceByDefault) {
  SeatLimits limits(kDefaultLimits);
  EXPECT_EQ(passed(60, [&] { return limits.take_broadcast(at(0)); }), 60);
}

TEST(SeatLimits, LetTwoSecondsOfBroadcastsThroughAtOnceAndThenTheRate) {
  SeatLimits limits({.broadcast_per_second = 200, .unknown_unicast_per_second = 0, .bytes_per_second = 0});
  EXPECT_EQ(passed(1000, [&] { return limits.take_broadcast(at(0)); }), 400);
  EXPECT_EQ(passed(1000, [&] { return limits.take_broadcast(at(1)); }), 200);
  EXPECT_EQ(passed(1000, [&] { return limits.take_broadcast(at(60)); }), 400);
}

TEST(SeatLimits, CountUnknownUnicastApartFromBroadcasts) {
  SeatLimits limits({.broadcast_per_second = 1, .unknown_unicast_per_second = 10, .bytes_per_second = 0});
  EXPECT_EQ(passed(100, [&] { return limits.take_broadcast(at(0)); }), 2);
  EXPECT_EQ(passed(100, [&] { return limits.take_unknown_unicast(at(0)); }), 20);
}

TEST(SeatLimits, LetATenthOfASecondOfBytesThroughAtOnce) {
  SeatLimits limits({.broadcast_per_second = 0, .unknown_unicast_per_second = 0, .bytes_per_second = 10'000'000});
  EXPECT_EQ(passed(2000, [&] { return limits.take_bytes(at(0), 1000); }), 1000);
}

TEST(SeatLimits, LetWholeFramesThroughHoweverLowTheByteRateIs) {
  SeatLimits limits({.broadcast_per_second = 0, .unknown_unicast_per_second = 0, .bytes_per_second = 100});
  EXPECT_TRUE(limits.take_bytes(at(0), 1522));
}

TEST(SeatLimits, OfZeroAreNone) {
  SeatLimits limits(ctrl::Limits{});
  EXPECT_EQ(passed(100'000, [&] { return limits.take_broadcast(at(0)); }), 100'000);
  EXPECT_EQ(passed(100'000, [&] { return limits.take_unknown_unicast(at(0)); }), 100'000);
  EXPECT_EQ(passed(100'000, [&] { return limits.take_bytes(at(0), 1522); }), 100'000);
}

TEST(SeatLimits, HoldEchoRequestsTighterThanAnswers) {
  SeatLimits limits(ctrl::Limits{});
  EXPECT_EQ(passed(2000, [&] { return limits.take_echo(at(0), false); }), 20);
  EXPECT_EQ(passed(2000, [&] { return limits.take_echo(at(0), true); }), 1000);
}

TEST(SeatLimits, OfAGatewayLetALargeLansBroadcastsPass) {
  SeatLimits limits(kDefaultGatewayLimits);
  EXPECT_EQ(passed(4000, [&] { return limits.take_broadcast(at(0)); }), 4000);
  EXPECT_EQ(passed(100'000, [&] { return limits.take_broadcast(at(1)); }), 2000);
}

TEST(RoomLimits, CountEveryCopy) {
  RoomLimits limits(10'000'000);
  EXPECT_EQ(passed(2000, [&] { return limits.take_copies(at(0), 1000, 10); }), 100);
  EXPECT_EQ(passed(2000, [&] { return limits.take_copies(at(1), 1000, 1); }), 1000);
}

TEST(RoomLimits, LetABroadcastToManyMembersPassHoweverLowTheyAre) {
  RoomLimits limits(1000);
  EXPECT_TRUE(limits.take_copies(at(0), 1522, 250));
  EXPECT_FALSE(limits.take_copies(at(0), 1522, 250));
}

TEST(RoomLimits, OfZeroAreNone) {
  RoomLimits limits(0);
  EXPECT_EQ(passed(100'000, [&] { return limits.take_copies(at(0), 1522, 250); }), 100'000);
}

}  // namespace
}  // namespace softlan::relay
