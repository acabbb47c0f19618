#include "quic/delay_ceiling.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace softlan::quic {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A path with one slow link, and a sender that keeps as much in flight as `window` and the ceiling allow.
class DelayCeilingTest : public testing::Test {
 protected:
  struct Path {
    double bytes_per_second = 2.5e6;
    Duration delay = milliseconds(10);  // both ways
    Duration foreign_queue{};           // of others, in front of the link
  };

  [[nodiscard]] Duration round_trip(std::size_t in_flight) const {
    const double carried = path_.bytes_per_second * std::chrono::duration<double>(path_.delay).count();
    const double waiting = std::max(static_cast<double>(in_flight) - carried, 0.0) / path_.bytes_per_second;
    return path_.delay + path_.foreign_queue +
           std::chrono::duration_cast<Duration>(std::chrono::duration<double>(waiting));
  }

  // Returns the longest round trip of the time.
  Duration send_for(Duration time, std::size_t window) {
    Duration longest{};
    for (const TimePoint end = now_ + time; now_ < end;) {
      const std::size_t in_flight = std::min(window, std::max(ceiling_.bytes(), DelayCeiling::kLeast));
      ceiling_.on_sent(in_flight);
      const Duration taken = round_trip(in_flight);
      longest = std::max(longest, taken);
      now_ += taken;
      ceiling_.on_round_trip(now_, taken);
    }
    return longest;
  }

  Path path_;
  TimePoint now_{seconds(1)};
  DelayCeiling ceiling_;
};

TEST_F(DelayCeilingTest, DoesNotExistWhileThePathHasNoQueue) {
  (void)send_for(seconds(2), 20'000);  // 25,000 bytes are on their way in 10 ms
  EXPECT_EQ(ceiling_.bytes(), SIZE_MAX);
}

TEST_F(DelayCeilingTest, KeepsTheQueueShortHoweverLargeTheWindowIs) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  EXPECT_LT(send_for(seconds(5), 500'000), milliseconds(10 + 4 + 3));
}

TEST_F(DelayCeilingTest, LetsThePathCarryAllItCan) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  EXPECT_GE(ceiling_.bytes(), 25'000u);
}

TEST_F(DelayCeilingTest, DoesSoOnALongPathAsWell) {
  path_.delay = milliseconds(150);
  (void)send_for(seconds(1), 20'000);
  (void)send_for(seconds(3), 3'000'000);
  EXPECT_LT(send_for(seconds(10), 3'000'000), milliseconds(150 + 4 + 3));
  EXPECT_GE(ceiling_.bytes(), 375'000u);
}

TEST_F(DelayCeilingTest, GrowsWithThePath) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  path_.bytes_per_second *= 8;
  (void)send_for(seconds(2), 500'000);
  EXPECT_GE(ceiling_.bytes(), 200'000u);
}

TEST_F(DelayCeilingTest, IsNotFooledByAnAcknowledgementThatCameLate) {
  (void)send_for(milliseconds(100), 20'000);
  for (int i = 0; i < 1000; ++i) {
    ceiling_.on_sent(20'000);
    now_ += milliseconds(1);
    ceiling_.on_round_trip(now_, i % 4 == 0 ? milliseconds(10) : milliseconds(35));
  }
  EXPECT_EQ(ceiling_.bytes(), SIZE_MAX);
}

TEST_F(DelayCeilingTest, LeavesASenderOfLittleAlone) {
  (void)send_for(milliseconds(100), 3000);
  path_.foreign_queue = milliseconds(25);
  (void)send_for(seconds(10), 3000);
  EXPECT_EQ(ceiling_.bytes(), SIZE_MAX);
}

TEST_F(DelayCeilingTest, GivesUpWhenTheQueueIsSomebodyElses) {
  (void)send_for(milliseconds(100), 20'000);
  path_.foreign_queue = milliseconds(100);
  (void)send_for(seconds(5), 20'000);
  EXPECT_EQ(ceiling_.bytes(), SIZE_MAX);
}

TEST_F(DelayCeilingTest, IsBackWhenTheOthersHaveGone) {
  (void)send_for(milliseconds(100), 20'000);
  path_.foreign_queue = milliseconds(100);
  (void)send_for(seconds(5), 20'000);
  path_.foreign_queue = {};
  (void)send_for(seconds(1), 20'000);
  (void)send_for(seconds(1), 500'000);
  EXPECT_LT(send_for(seconds(5), 500'000), milliseconds(10 + 4 + 3));
}

TEST_F(DelayCeilingTest, KnowsNothingOfANewPath) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  ceiling_.start();
  EXPECT_EQ(ceiling_.bytes(), SIZE_MAX);
}

}  // namespace
}  // namespace softlan::quic
