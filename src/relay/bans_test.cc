#include "relay/bans.h"

#include <gtest/gtest.h>

namespace softlan::relay {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{1h};

link::Fingerprint identity(std::uint8_t number) {
  link::Fingerprint made;
  made.bytes.fill(number);
  return made;
}

IpAddress ip(const char* text) { return parse_ip(text).value(); }

TEST(BanList, KeepsABannedIdentityOutWhereverItComesFrom) {
  BanList bans;
  bans.add(kNow, {.identity = identity(1), .source = {}, .name = "Ada", .room = "ROOM1"});
  ASSERT_NE(bans.find(kNow, identity(1), ip("192.0.2.1")), nullptr);
  EXPECT_EQ(bans.find(kNow, identity(1), ip("192.0.2.2"))->name, "Ada");
  EXPECT_EQ(bans.find(kNow, identity(2), ip("192.0.2.1")), nullptr);
}

TEST(BanList, KeepsEverybodyOutWhoComesFromABannedAddress) {
  BanList bans;
  bans.add(kNow, {.identity = identity(1), .source = ip("192.0.2.1"), .name = {}, .room = {}});
  EXPECT_NE(bans.find(kNow, identity(2), ip("192.0.2.1")), nullptr);
  EXPECT_NE(bans.find(kNow, identity(2), ip("::ffff:192.0.2.1")), nullptr);
  EXPECT_EQ(bans.find(kNow, identity(2), ip("192.0.2.2")), nullptr);
}

TEST(BanList, ABannedIpv6AddressMeansItsWholeSubnet) {
  BanList bans;
  bans.add(kNow, {.identity = identity(1), .source = ip("2001:db8::"), .name = {}, .room = {}});
  EXPECT_NE(bans.find(kNow, identity(2), ip("2001:db8::1234")), nullptr);
  EXPECT_EQ(bans.find(kNow, identity(2), ip("2001:db8:0:1::1234")), nullptr);
}

TEST(BanList, ABanEndsWithItsTime) {
  BanList bans;
  bans.add(kNow, {.identity = identity(1), .source = {}, .name = {}, .room = {}, .expires = kNow + 10min});
  EXPECT_NE(bans.find(kNow + 10min - 1ns, identity(1), {}), nullptr);
  EXPECT_EQ(bans.find(kNow + 10min, identity(1), {}), nullptr);
  EXPECT_EQ(bans.in_force(kNow).size(), 1u);
  EXPECT_TRUE(bans.in_force(kNow + 10min).empty());
}

TEST(BanList, ABanIsLiftedByItsNumber) {
  BanList bans;
  const std::uint32_t first = bans.add(kNow, {.identity = identity(1), .source = {}, .name = {}, .room = {}})->number;
  const std::uint32_t second = bans.add(kNow, {.identity = identity(2), .source = {}, .name = {}, .room = {}})->number;
  EXPECT_NE(first, second);
  EXPECT_TRUE(bans.lift(first));
  EXPECT_FALSE(bans.lift(first));
  EXPECT_EQ(bans.find(kNow, identity(1), {}), nullptr);
  EXPECT_NE(bans.find(kNow, identity(2), {}), nullptr);
}

TEST(BanList, WhoIsBannedAgainHasOneBan) {
  BanList bans;
  bans.add(kNow, {.identity = identity(1), .source = {}, .name = {}, .room = {}, .expires = kNow + 1min});
  bans.add(kNow, {.identity = identity(1), .source = {}, .name = {}, .room = {}});
  ASSERT_EQ(bans.in_force(kNow).size(), 1u);
  EXPECT_EQ(bans.in_force(kNow).front().expires, kNever);
}

TEST(BanList, TakesNoMoreThanItsBoundButForgetsOldOnes) {
  BanList bans;
  for (std::size_t i = 0; i < BanList::kMaxBans; ++i) {
    Ban ban{.identity = identity(0), .source = {}, .name = {}, .room = {}, .expires = kNow + 1min};
    ban.identity.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    ban.identity.bytes[1] = static_cast<std::uint8_t>(i);
    ASSERT_NE(bans.add(kNow, ban), nullptr);
  }
  const Ban one_more{.identity = identity(9), .source = {}, .name = {}, .room = {}};
  EXPECT_EQ(bans.add(kNow, one_more), nullptr);
  EXPECT_NE(bans.add(kNow + 1min, one_more), nullptr);
}

TEST(BanList, TheBannedHearForHowLong) {
  EXPECT_EQ(banned(kNow, {.identity = {}, .source = {}, .name = {}, .room = {}, .expires = kNow + 90s}).message,
            "You are banned from this relay for 2 min more.");
  EXPECT_EQ(banned(kNow, {.identity = {}, .source = {}, .name = {}, .room = {}}).code, ctrl::RejectCode::not_allowed);
}

}  // namespace
}  // namespace softlan::relay
