// Session: what ends it, what it tries again, how soon and for how long.
#include <gmock/gmock.h>

#include "session/test_session.h"

namespace softlan::session {
namespace {

using link::CloseCode;
using link::LinkFault;
using obs::Condition;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;
using namespace test;

class SessionThatFails : public SessionTest {
 protected:
  void expect_end(Condition why) {
    EXPECT_EQ(last_told(), why);
    EXPECT_THAT(listener_.ended, ElementsAre(true));
    EXPECT_EQ(session_.next_deadline(), kNever);
  }
  void expect_retry(Condition why) {
    EXPECT_EQ(last_told(), why);
    EXPECT_TRUE(last_details().retry_in.has_value());
    EXPECT_THAT(listener_.ended, SizeIs(0));
    const int lookups = surroundings_.lookups;
    story_.wait_for_deadline();
    EXPECT_EQ(surroundings_.lookups, lookups + 1);
  }
};

TEST_F(SessionThatFails, ToFindTheNameTriesAgain) {
  session_.start(story_.now);
  session_.on_resolved(story_.now, fail("no such host"));
  EXPECT_EQ(last_details().message, "no such host");
  expect_retry(Condition::name_not_found);
}

TEST_F(SessionThatFails, ForWantOfAnyRouteSaysSo) {
  surroundings_.without_route = {relay_at("192.0.2.1")};
  session_.start(story_.now);
  story_.resolve();
  EXPECT_EQ(last_details().message, "no route");
  expect_retry(Condition::relay_unreachable);
}

TEST_F(SessionThatFails, ToReachAnyAddressTriesAgain) {
  session_.start(story_.now);
  story_.resolve();
  story_.wait(seconds(6));
  EXPECT_EQ(closed_with(story_.link()), CloseCode::leave);
  expect_retry(Condition::relay_unreachable);
}

TEST_F(SessionThatFails, ToHearAWelcomeWithinFiveSecondsTriesAgain) {
  session_.start(story_.now);
  FakeLink& silent = story_.connect();
  story_.wait(seconds(5));
  EXPECT_NE(closed_with(silent), std::nullopt);
  expect_retry(Condition::no_welcome);
}

TEST_F(SessionThatFails, TellsAPersonOnlyOnceUntilItHasBeenSeated) {
  story_.lose(story_.start_seated());
  listener_.told.clear();
  for (int i = 0; i < 5; ++i) {
    story_.wait_for_deadline();
    session_.on_resolved(story_.now, fail("no such host"));
  }
  EXPECT_THAT(listener_.told, SizeIs(0));
}

TEST_F(SessionThatFails, AgainstAnUntrustedCertificateEnds) {
  session_.start(story_.now);
  story_.resolve();
  story_.lose(story_.link(), LinkFault::untrusted);
  expect_end(Condition::relay_untrusted);
}

TEST_F(SessionThatFails, AgainstAnUntrustedCertificateEndsWhateverBecameOfOtherAddresses) {
  surroundings_.without_route = {relay_at("192.0.2.1")};
  session_.start(story_.now);
  story_.resolve({relay_at("2001:db8::1"), relay_at("192.0.2.1")});
  story_.lose(story_.link(), LinkFault::untrusted);
  expect_end(Condition::relay_untrusted);
}

TEST_F(SessionThatFails, AgainstACertificateForAnotherNameEnds) {
  session_.start(story_.now);
  story_.resolve();
  story_.lose(story_.link(), LinkFault::wrong_name);
  expect_end(Condition::relay_name_mismatch);
}

TEST_F(SessionThatFails, BecauseTheRelayIsNoneOrTakesNoDatagramsEnds) {
  session_.start(story_.now);
  story_.resolve({relay_at("2001:db8::1"), relay_at("192.0.2.1")});
  story_.lose(story_.link(), LinkFault::wrong_protocol);
  story_.lose(story_.link(), LinkFault::unreachable);
  expect_end(Condition::relay_not_softlan);
}

TEST_F(SessionThatFails, BecauseAnotherTookItsPlaceEnds) {
  story_.lose(story_.start_seated(), LinkFault::closed_by_peer, CloseCode::replaced);
  EXPECT_EQ(member_.unseated, 1);
  expect_end(Condition::replaced);
}

TEST_F(SessionThatFails, BecauseAnotherTookItsPlaceEndsBeforeTheWelcomeToo) {
  session_.start(story_.now);
  story_.lose(story_.connect(), LinkFault::closed_by_peer, CloseCode::replaced);
  expect_end(Condition::replaced);
}

TEST_F(SessionThatFails, BecauseItWasRejectedForGoodEnds) {
  session_.start(story_.now);
  story_.connect();
  story_.say(ctrl::Reject{.code = ctrl::RejectCode::mac_taken, .message = "That MAC is taken.", .retry = false});
  EXPECT_EQ(last_details().message, "That MAC is taken.");
  expect_end(Condition::rejected);
}

TEST_F(SessionThatFails, BecauseItWasRejectedForNowTriesAgain) {
  session_.start(story_.now);
  story_.connect();
  story_.say(ctrl::Reject{.code = ctrl::RejectCode::room_not_open, .message = "Not open yet.", .retry = true});
  expect_retry(Condition::rejected);
}

TEST_F(SessionThatFails, BecauseItsOwnShadowHoldsItsSeatTriesAgain) {
  story_.lose(story_.start_seated());
  story_.wait_for_deadline();
  story_.connect();
  story_.say(ctrl::Reject{.code = ctrl::RejectCode::mac_taken, .message = "That MAC is taken.", .retry = false});
  EXPECT_THAT(listener_.ended, SizeIs(0));
  story_.wait_for_deadline();
  story_.sit_down();
}

TEST_F(SessionThatFails, BecauseItWasBannedFromItsSeatEnds) {
  story_.lose(story_.start_seated());
  story_.wait_for_deadline();
  story_.connect();
  story_.say(ctrl::Reject{.code = ctrl::RejectCode::not_allowed, .message = "You are banned.", .retry = false});
  expect_end(Condition::rejected);
}

TEST_F(SessionThatFails, BecauseTheRelaySpeaksAnotherVersionEnds) {
  session_.start(story_.now);
  story_.connect();
  ctrl::Welcome words = welcome();
  words.protocol = 2;
  story_.say(words);
  EXPECT_THAT(member_.welcomes, SizeIs(0));
  expect_end(Condition::relay_not_softlan);
}

// ---- how soon, and for how long

class SessionBackoff : public testing::TestWithParam<std::uint64_t> {
 protected:
  SessionBackoff() { story_.random = SeededRandom(GetParam()); }

  void expect_pause_of_about(Duration usual) {
    const Duration pause = story_.session.next_deadline() - story_.now;
    EXPECT_GE(pause, usual * 3 / 4);
    EXPECT_LE(pause, usual * 5 / 4);
  }

  FakeMember member_;
  Story story_{config_of(ctrl::Role::client, Duration::zero()), member_};
};

TEST_P(SessionBackoff, GrowsToTwoSecondsGiveOrTakeAQuarter) {
  story_.session.start(story_.now);
  for (const int usual : {250, 500, 1000, 2000, 2000, 2000}) {
    story_.session.on_resolved(story_.now, fail("no such host"));
    expect_pause_of_about(milliseconds(usual));
    story_.wait_for_deadline();
  }
}

TEST_P(SessionBackoff, StartsAfreshAfterASeat) {
  story_.session.start(story_.now);
  for (int i = 0; i < 5; ++i) {
    story_.session.on_resolved(story_.now, fail("no such host"));
    story_.wait_for_deadline();
  }
  story_.lose(story_.sit_down());
  expect_pause_of_about(milliseconds(250));
}

INSTANTIATE_TEST_SUITE_P(Seeds, SessionBackoff, testing::Range<std::uint64_t>(1, 9));

class SessionJoinTimeout : public SessionTest {};

TEST_F(SessionJoinTimeout, EndsAnAttemptThatIsUnderWay) {
  session_.start(story_.now);
  story_.wait(milliseconds(9999));
  EXPECT_THAT(listener_.ended, SizeIs(0));
  story_.wait(milliseconds(1));
  EXPECT_THAT(listener_.ended, ElementsAre(true));
}

TEST_F(SessionJoinTimeout, SaysWhatTheLastAttemptMet) {
  session_.start(story_.now);
  const TimePoint end = story_.now + seconds(10);
  story_.connect();
  story_.wait(seconds(5));
  story_.wait_for_deadline();
  story_.connect();
  story_.wait(end - story_.now);
  EXPECT_EQ(last_told(), Condition::no_welcome);
  EXPECT_EQ(last_details().retry_in, std::nullopt);
  EXPECT_THAT(listener_.ended, ElementsAre(true));
}

TEST_F(SessionJoinTimeout, LeavesNoPauseThatWouldOutlastIt) {
  session_.start(story_.now);
  const TimePoint start = story_.now;
  while (listener_.ended.empty()) {
    session_.on_resolved(story_.now, fail("no such host"));
    if (listener_.ended.empty()) story_.wait_for_deadline();
    ASSERT_LT(story_.now - start, seconds(10));
  }
  EXPECT_EQ(last_told(), Condition::name_not_found);
  EXPECT_THAT(listener_.ended, ElementsAre(true));
}

TEST_F(SessionJoinTimeout, MeansTheFirstSeatOnly) {
  story_.lose(story_.start_seated());
  story_.wait(seconds(3600));
  EXPECT_THAT(listener_.ended, SizeIs(0));
  EXPECT_GT(surroundings_.lookups, 400);
}

class SessionWithoutJoinTimeout : public SessionTest {
 protected:
  SessionWithoutJoinTimeout() : SessionTest(config_of(ctrl::Role::client, Duration::zero())) {}
};

TEST_F(SessionWithoutJoinTimeout, TriesForEver) {
  session_.start(story_.now);
  story_.wait(seconds(3600));
  EXPECT_THAT(listener_.ended, SizeIs(0));
}

}  // namespace
}  // namespace softlan::session
