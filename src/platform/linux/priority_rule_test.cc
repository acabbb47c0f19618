#include "platform/linux/priority_rule.h"

#include <gtest/gtest.h>

namespace softlan::platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Load {
  int processor = 0;  // percent of the interval
  int contended = 0;  // the same
  int sleeps = 100;   // a second
  int frames = 1;     // for each of these
};

constexpr Load kIdle{.processor = 1, .contended = 2};
constexpr Load kCopy{.processor = 60, .contended = 90, .sleeps = 7000, .frames = 30};
constexpr Load kFlood{.processor = 40, .contended = 60, .sleeps = 15000, .frames = 2};

class PriorityRuleTest : public testing::Test {
 protected:
  // Whether the thread goes first after `time` of it.
  bool after(Duration time, Load load) {
    for (const TimePoint end = now_ + time; now_ < end;) {
      now_ += PriorityRule::kInterval;
      const long sleeps = load.sleeps * PriorityRule::kInterval / Duration(seconds(1));
      first_ = rule_.decide(now_, {.passed = PriorityRule::kInterval,
                                   .processor = PriorityRule::kInterval * load.processor / 100,
                                   .sleeps = sleeps,
                                   .frames = sleeps * load.frames,
                                   .contended = PriorityRule::kInterval * load.contended / 100});
    }
    return first_;
  }

 private:
  PriorityRule rule_;
  TimePoint now_{seconds(1000)};
  bool first_ = false;
};

TEST_F(PriorityRuleTest, AThreadIsOrdinaryWhileNobodyWaitsForAProcessor) { EXPECT_FALSE(after(seconds(10), kIdle)); }

TEST_F(PriorityRuleTest, ItGoesFirstAtOnceWhereOthersWantTheProcessors) {
  EXPECT_TRUE(after(milliseconds(100), {.processor = 1, .contended = 25}));
}

TEST_F(PriorityRuleTest, ItStaysFirstForASecondAfterTheOthersHaveCalmedDown) {
  after(seconds(1), kCopy);
  EXPECT_TRUE(after(milliseconds(900), kIdle));
  EXPECT_FALSE(after(milliseconds(100), kIdle));
}

TEST_F(PriorityRuleTest, APauseOfTheOthersIsNoCalm) {
  after(seconds(1), kCopy);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(after(milliseconds(900), kIdle));
    EXPECT_TRUE(after(milliseconds(100), {.processor = 1, .contended = 10}));
  }
}

TEST_F(PriorityRuleTest, ItStaysFirstWhileItMovesMuchInBatches) { EXPECT_TRUE(after(seconds(60), kCopy)); }

TEST_F(PriorityRuleTest, ABeginningLikeAFloodIsForgiven) {
  EXPECT_TRUE(after(milliseconds(500), kFlood));  // the first of them as an ordinary thread
  EXPECT_TRUE(after(milliseconds(100), kCopy));
  EXPECT_TRUE(after(milliseconds(400), {.processor = 81, .contended = 90}));
}

TEST_F(PriorityRuleTest, AThreadThatWakesUpForEverythingLetsOthersGoFirst) {
  after(seconds(1), kCopy);
  EXPECT_FALSE(after(milliseconds(500), kFlood));
  EXPECT_FALSE(after(PriorityRule::kFirstPause - milliseconds(100), kCopy));
  EXPECT_TRUE(after(milliseconds(100), kCopy));
}

TEST_F(PriorityRuleTest, AGameIsNoFlood) {
  EXPECT_TRUE(after(seconds(10), {.processor = 30, .contended = 90, .sleeps = 4000}));  // seldom
  EXPECT_TRUE(after(seconds(10), {.processor = 25, .contended = 90, .sleeps = 9000}));  // little work
}

TEST_F(PriorityRuleTest, AThreadThatTakesAProcessorForItselfLetsOthersGoFirst) {
  after(seconds(1), kCopy);
  EXPECT_FALSE(after(milliseconds(500), {.processor = 81, .contended = 100}));
}

TEST_F(PriorityRuleTest, PausesGrowUntilThereWasPeace) {
  after(milliseconds(600), kFlood);  // goes first after the first interval
  Duration pause = PriorityRule::kFirstPause;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(after(pause - milliseconds(100), kFlood)) << i;
    EXPECT_TRUE(after(milliseconds(500), kFlood)) << i;
    EXPECT_FALSE(after(milliseconds(100), kFlood)) << i;
    pause = std::min(2 * pause, PriorityRule::kLongestPause);
  }
  after(pause + PriorityRule::kFirstPause, kIdle);
  after(milliseconds(600), kFlood);
  EXPECT_TRUE(after(PriorityRule::kFirstPause, kCopy));
}

}  // namespace
}  // namespace softlan::platform
