#include "auth/guess_limit.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace softlan::auth {
namespace {

using std::chrono::seconds;

IpAddress source(std::string_view text) { return parse_ip(text).value(); }

// The n-th of very many addresses that have nothing to do with each other.
IpAddress some_source(std::uint32_t number) {
  IpAddress ip{IpAddress::Family::v4, {10}};
  store_be32(ip.bytes.data(), 0x0a00'0000 + number);
  return ip;
}

GuessLimit::Identity identity(std::uint32_t number) {
  GuessLimit::Identity bytes{};
  store_be32(bytes.data(), number);
  return bytes;
}

class AGuessLimit : public testing::Test {
 protected:
  bool may_try(const IpAddress& from = some_source(1), std::uint32_t who = 1, const std::string& room = "ROOM1") const {
    return limit_.may_try(now_, from, room, identity(who));
  }
  void fail(int times, const IpAddress& from = some_source(1), const std::string& room = "ROOM1") {
    for (int i = 0; i < times; ++i) limit_.on_failure(now_, from, room, identity(99));
  }

  TimePoint now_{};
  GuessLimit limit_;
};

TEST_F(AGuessLimit, LetsFiftyPlayersBehindOneAddressBeWrongOnce) {
  fail(50);
  EXPECT_TRUE(may_try());
}

TEST_F(AGuessLimit, StopsASourceAfterSixtyFailures) {
  fail(59);
  EXPECT_TRUE(may_try());
  fail(1);
  EXPECT_FALSE(may_try());
  EXPECT_FALSE(may_try(some_source(1), 1, "ROOM2"));
  EXPECT_TRUE(may_try(some_source(2)));
}

TEST_F(AGuessLimit, GivesASourceOneMoreTryEveryTenSeconds) {
  fail(60);
  now_ += seconds(9);
  EXPECT_FALSE(may_try());
  now_ += seconds(1);
  EXPECT_TRUE(may_try());
  fail(1);
  EXPECT_FALSE(may_try());
}

TEST_F(AGuessLimit, StopsManySourcesAtOneRoom) {
  for (std::uint32_t i = 0; i < 120; ++i) fail(1, some_source(i));
  EXPECT_FALSE(may_try(some_source(1000)));
  EXPECT_TRUE(may_try(some_source(1000), 1, "ROOM2"));
  now_ += seconds(5);
  EXPECT_TRUE(may_try(some_source(1000)));
}

TEST_F(AGuessLimit, LooksAtAskingAsFree) {
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(may_try());
}

TEST_F(AGuessLimit, IsNotInTheWayOfAMemberThatHasBeenInTheRoom) {
  limit_.on_success("ROOM1", identity(1));
  fail(200);
  EXPECT_TRUE(may_try());
  EXPECT_FALSE(may_try(some_source(1), 2));
  EXPECT_FALSE(may_try(some_source(1), 1, "ROOM2"));
}

TEST_F(AGuessLimit, TrustsAMemberNoLongerOnceItIsWrong) {
  limit_.on_success("ROOM1", identity(1));
  fail(200);
  limit_.on_failure(now_, some_source(2), "ROOM1", identity(1));
  EXPECT_FALSE(may_try());
}

TEST_F(AGuessLimit, CountsAnIpv6NetworkAsOneSource) {
  fail(60, source("2001:db8:1:2::1"));
  EXPECT_FALSE(may_try(source("2001:db8:1:2:ffff::1")));
  EXPECT_TRUE(may_try(source("2001:db8:1:3::1")));
}

TEST_F(AGuessLimit, KnowsAnIpv4AddressInIpv6Clothes) {
  fail(60, source("::ffff:192.0.2.1"));
  EXPECT_FALSE(may_try(source("192.0.2.1")));
  EXPECT_TRUE(may_try(source("::ffff:192.0.2.2")));
}

TEST_F(AGuessLimit, ForgetsTheSourceThatWasWrongLongestAgo) {
  fail(60, some_source(0), "ROOM0");
  for (std::uint32_t i = 1; i < GuessLimit::kMaxSources; ++i) fail(1, some_source(i));
  EXPECT_FALSE(may_try(some_source(0), 1, "ROOM2"));
  fail(1, some_source(GuessLimit::kMaxSources));
  EXPECT_TRUE(may_try(some_source(0), 1, "ROOM2"));
}

TEST_F(AGuessLimit, ForgetsTheMemberThatCameLongestAgo) {
  for (std::uint32_t i = 0; i <= GuessLimit::kMaxKnown; ++i) limit_.on_success("ROOM1", identity(i));
  fail(60);
  EXPECT_FALSE(may_try(some_source(1), 0));
  EXPECT_TRUE(may_try(some_source(1), 1));
  EXPECT_TRUE(may_try(some_source(1), GuessLimit::kMaxKnown));
}

}  // namespace
}  // namespace softlan::auth
