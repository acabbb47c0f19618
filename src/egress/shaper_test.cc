#include "egress/shaper.h"

#include <gtest/gtest.h>

namespace softlan::egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kMegabit = 1'000'000;

class ShaperTest : public testing::Test {
 protected:
  // Packets of this size that leave within `time` when they never lack.
  std::size_t packets(Shaper& shaper, std::size_t size, Duration time) {
    std::size_t count = 0;
    for (const TimePoint end = now_ + time; now_ < end; ++count) {
      now_ = std::max(now_, shaper.opens_at());
      shaper.on_sent(now_, size);
    }
    return count;
  }

  TimePoint now_{seconds(1)};
};

TEST_F(ShaperTest, WithoutALimitIsAlwaysOpen) {
  Shaper shaper(0);
  for (int i = 0; i < 1000; ++i) shaper.on_sent(now_, 1500);
  EXPECT_LE(shaper.opens_at(), now_);
}

TEST_F(ShaperTest, KeepsToTheRate) {
  Shaper shaper(12 * kMegabit);  // a packet of 1500 bytes a millisecond
  EXPECT_NEAR(static_cast<double>(packets(shaper, 1500, seconds(1))), 1000, 4);
}

TEST_F(ShaperTest, LetsSomeMillisecondsWorthLeaveTogether) {
  Shaper shaper(12 * kMegabit);
  for (int i = 0; i < 3; ++i) {
    EXPECT_LE(shaper.opens_at(), now_);
    shaper.on_sent(now_, 1500);
  }
  shaper.on_sent(now_, 1500);
  EXPECT_EQ(shaper.opens_at(), now_ + milliseconds(1));
}

TEST_F(ShaperTest, CatchesUpAfterALateTimer) {
  Shaper shaper(12 * kMegabit);
  std::size_t sent = packets(shaper, 1500, milliseconds(100));
  now_ += milliseconds(2);
  sent += packets(shaper, 1500, milliseconds(98));
  EXPECT_NEAR(static_cast<double>(sent), 203, 1);
}

TEST_F(ShaperTest, DoesNotSaveUpMoreInALongPause) {
  Shaper shaper(12 * kMegabit);
  (void)packets(shaper, 1500, seconds(1));
  now_ += seconds(10);
  const TimePoint pause_ends = now_;
  std::size_t together = 0;
  for (; shaper.opens_at() <= pause_ends; ++together) shaper.on_sent(pause_ends, 1500);
  EXPECT_EQ(together, 4u);
}

TEST_F(ShaperTest, MakesFramesWaitForWhatWentAheadOfThem) {
  Shaper shaper(12 * kMegabit);
  for (int i = 0; i < 100; ++i) shaper.on_sent(now_, 60);  // acknowledgements
  EXPECT_EQ(shaper.opens_at(), now_ + milliseconds(1));
}

TEST_F(ShaperTest, LetsAPacketPassThatIsLargerThanTheBurst) {
  Shaper shaper(100'000);
  EXPECT_LE(shaper.opens_at(), now_);
  shaper.on_sent(now_, 1500);
  EXPECT_EQ(shaper.opens_at(), now_ + milliseconds(117));
}

}  // namespace
}  // namespace softlan::egress
