// Session, when the relay falls silent: a second connection beside the first, and whichever is heard first.
#include <gmock/gmock.h>

#include "session/test_session.h"

namespace softlan::session {
namespace {

using link::CloseCode;
using obs::Condition;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::SizeIs;
using namespace test;

class SilentRelay : public SessionTest {
 protected:
  void fall_silent() {
    first_ = &story_.start_seated(welcome(kGatewaySeat));
    story_.wait(seconds(2));
    story_.relay_is_heard = false;
    story_.wait(seconds(2) + milliseconds(10));
  }

  FakeLink* first_ = nullptr;
};

TEST_F(SilentRelay, IsDialledAgainAfterTwoSecondsBesideTheFirstConnection) {
  fall_silent();
  EXPECT_EQ(last_told(), Condition::relay_silent);
  EXPECT_EQ(surroundings_.lookups, 2);
  story_.resolve();
  EXPECT_THAT(surroundings_.links, SizeIs(2));
  EXPECT_TRUE(session_.seated());
  EXPECT_EQ(member_.unseated, 0);
  EXPECT_FALSE(closed_with(*first_));
}

TEST_F(SilentRelay, ThatSpeaksButDoesNotHearUsIsDialledAgainAfterFourSeconds) {
  first_ = &story_.start_seated(welcome(kGatewaySeat));
  story_.relay_is_heard = false;
  for (int second = 0; second < 4; ++second) {
    story_.wait(seconds(1));
    EXPECT_EQ(surroundings_.lookups, 1);
    first_->present_stats.bytes_received += 1000;
  }
  story_.wait(seconds(1));
  EXPECT_EQ(last_told(), Condition::relay_silent);
  EXPECT_EQ(surroundings_.lookups, 2);
}

TEST_F(SilentRelay, ThatIsHeardAgainKeepsItsConnection) {
  fall_silent();
  story_.resolve();
  story_.relay_is_heard = true;
  story_.wait(seconds(1));
  EXPECT_EQ(last_told(), Condition::relay_heard);
  EXPECT_EQ(closed_with(surroundings_.links.back()), CloseCode::leave);
  EXPECT_TRUE(session_.seated());
  story_.wait(seconds(10));
  EXPECT_EQ(surroundings_.lookups, 2);
}

TEST_F(SilentRelay, ThatAnswersAnEchoKeepsItsConnectionAtOnce) {
  fall_silent();
  story_.resolve();
  FakeLink& second = story_.link();
  story_.answer_echo();
  EXPECT_EQ(last_told(), Condition::relay_heard);
  EXPECT_EQ(closed_with(second), CloseCode::leave);
  story_.answer(second);
  EXPECT_TRUE(session_.seated());
  EXPECT_FALSE(closed_with(*first_));
}

TEST_F(SilentRelay, ThatAnswersTheSecondConnectionSeatsTheMemberThere) {
  fall_silent();
  story_.resolve();
  story_.answer(story_.link());
  EXPECT_EQ(closed_with(*first_), CloseCode::replaced);
  EXPECT_FALSE(session_.seated());
  EXPECT_EQ(member_.unseated, 0) << "frames stop, but nobody is told before it is certain";
  story_.say(welcome(kGatewaySeat));
  EXPECT_TRUE(session_.seated());
  EXPECT_EQ(member_.unseated, 1);
  EXPECT_THAT(member_.welcomes, SizeIs(2));
}

TEST_F(SilentRelay, IsDialledAfreshEveryTwoSeconds) {
  fall_silent();
  for (int again = 3; again < 6; ++again) {
    story_.resolve();
    story_.wait(seconds(2));
    EXPECT_EQ(surroundings_.lookups, again);
    EXPECT_EQ(closed_with(surroundings_.links.back()), CloseCode::leave);
  }
  EXPECT_TRUE(session_.seated());
}

TEST_F(SilentRelay, CostsTheSeatOnceItsConnectionEnds) {
  fall_silent();
  story_.resolve();
  story_.lose(*first_);
  EXPECT_FALSE(session_.seated());
  EXPECT_EQ(member_.unseated, 1);
  EXPECT_EQ(last_told(), Condition::relay_lost);
  EXPECT_EQ(closed_with(surroundings_.links.back()), CloseCode::leave);
}

TEST_F(SilentRelay, WhoseNameIsNotFoundIsWaitedFor) {
  fall_silent();
  session_.on_resolved(story_.now, fail("no network"));
  EXPECT_TRUE(session_.seated());
  story_.wait(seconds(2));
  EXPECT_EQ(surroundings_.lookups, 3);
}

}  // namespace
}  // namespace softlan::session
