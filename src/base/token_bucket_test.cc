#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace softlan {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{};

TEST(TokenBucket, AllowsItsBurstAtOnceAndNoMore) {
  TokenBucket bucket(10, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(kStart));
  EXPECT_FALSE(bucket.take(kStart));
}

TEST(TokenBucket, RefillsAtItsRate) {
  TokenBucket bucket(10, 1);
  EXPECT_TRUE(bucket.take(kStart));
  EXPECT_FALSE(bucket.take(kStart + milliseconds(99)));
  EXPECT_TRUE(bucket.take(kStart + milliseconds(101)));
}

TEST(TokenBucket, SavesNoMoreThanItsBurst) {
  TokenBucket bucket(1000, 5);
  const TimePoint later = kStart + hours(10);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(bucket.take(later));
  EXPECT_FALSE(bucket.take(later));
}

TEST(TokenBucket, TakesSeveralUnitsOrNone) {
  TokenBucket bucket(100, 1500);
  EXPECT_TRUE(bucket.take(kStart, 1000));
  EXPECT_FALSE(bucket.take(kStart, 600));
  EXPECT_TRUE(bucket.take(kStart, 500));
}

TEST(TokenBucket, KeepsItsLongTermRateUnderSteadyPressure) {
  TokenBucket bucket(50, 10);
  int taken = 0;
  for (TimePoint now = kStart; now < kStart + seconds(10); now += milliseconds(1)) taken += bucket.take(now) ? 1 : 0;
  EXPECT_NEAR(taken, 510, 2);
}

TEST(TokenBucket, WithoutARateLimitsNothing) {
  TokenBucket bucket(0, 0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(bucket.take(kStart, 1e9));
}

}  // namespace
}  // namespace softlan
