#include "gateway/recent_frames.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::gateway {
namespace {

using namespace proto::test;
using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::seconds(100)};

Frame numbered(std::uint16_t id) { return ipv4(kBroadcastMac, test_mac(3), {.id = id, .payload = pattern(100)}); }

TEST(RecentFrames, AreKnownForASecond) {
  RecentFrames recent;
  recent.add(kNow, numbered(1));
  EXPECT_TRUE(recent.contains(kNow + milliseconds(1000), numbered(1)));
  EXPECT_FALSE(recent.contains(kNow + milliseconds(1001), numbered(1)));
}

TEST(RecentFrames, AreToldFromTheirLikes) {
  RecentFrames recent;
  for (std::uint16_t id = 0; id < 100; ++id) recent.add(kNow, numbered(id));
  EXPECT_TRUE(recent.contains(kNow, numbered(99)));
  EXPECT_FALSE(recent.contains(kNow, numbered(100)));
  EXPECT_FALSE(RecentFrames().contains(kNow, numbered(1)));
}

TEST(RecentFrames, AreKnownWithPadding) {
  RecentFrames recent;
  Frame question = arp(test_mac(3), ip("192.0.2.1"), ip("192.0.2.2"));
  recent.add(kNow, question);
  question.resize(60);
  EXPECT_TRUE(recent.contains(kNow, question));
}

TEST(RecentFrames, MayBeOfAnySize) {
  RecentFrames recent;
  for (const std::size_t size : {14, 95, 96, 97, 1522}) {
    recent.add(kNow, pattern(size));
    EXPECT_TRUE(recent.contains(kNow, pattern(size))) << size;
  }
}

}  // namespace
}  // namespace softlan::gateway
