#include "quic/flight_ceiling.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace softlan::quic {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A path with one slow link, and a sender that keeps as much in flight as `window` and the ceiling allow.
class FlightCeilingTest : public testing::Test {
 protected:
  struct Path {
    double bytes_per_second = 2.5e6;
    Duration delay = milliseconds(10);  // both ways
    Duration foreign_queue{};           // of others, in front of the link
    double loss = 0;                    // whatever is sent
    Duration buffer = seconds(1);       // what would wait longer is lost
  };

  [[nodiscard]] Duration round_trip(std::size_t in_flight) const {
    const double carried = path_.bytes_per_second * std::chrono::duration<double>(path_.delay).count();
    const double waiting = std::max(static_cast<double>(in_flight) - carried, 0.0) / path_.bytes_per_second;
    return path_.delay + path_.foreign_queue +
           std::min(path_.buffer, std::chrono::duration_cast<Duration>(std::chrono::duration<double>(waiting)));
  }

  // The share of packets that is lost when as much is in flight.
  [[nodiscard]] double loss(std::size_t in_flight) const {
    const double room = path_.bytes_per_second * std::chrono::duration<double>(path_.delay + path_.buffer).count();
    return std::max(path_.loss, 1 - room / static_cast<double>(in_flight));
  }

  [[nodiscard]] bool is_none() const { return ceiling_.bytes() >= FlightCeiling::most(path_.delay); }

  // Returns the longest round trip of the time.
  Duration send_for(Duration time, std::size_t window) {
    Duration longest{};
    for (const TimePoint end = now_ + time; now_ < end;) {
      const std::size_t in_flight = std::min(window, std::max(ceiling_.bytes(), FlightCeiling::kLeast));
      ceiling_.on_sent(in_flight);
      const Duration taken = round_trip(in_flight);
      longest = std::max(longest, taken);
      now_ += taken;
      for (std::size_t packet = 0; packet < in_flight / 1472; ++packet) {
        due_loss_ += loss(in_flight);
        ++packets_;
        if (due_loss_ < 1) {
          ceiling_.on_acknowledged();
        } else {
          ceiling_.on_lost();
          ++lost_;
          due_loss_ -= 1;
        }
      }
      ceiling_.on_round_trip(now_, taken);
    }
    return longest;
  }

  Path path_;
  double due_loss_ = 0;
  std::size_t packets_ = 0, lost_ = 0;
  TimePoint now_{seconds(1)};
  FlightCeiling ceiling_;
};

TEST_F(FlightCeilingTest, DoesNotExistWhileThePathHasNoQueue) {
  (void)send_for(seconds(2), 20'000);  // 25,000 bytes are on their way in 10 ms
  EXPECT_TRUE(is_none());
}

TEST_F(FlightCeilingTest, KeepsTheQueueShortHoweverLargeTheWindowIs) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  EXPECT_LT(send_for(seconds(5), 500'000), milliseconds(10 + 3 + 2));
}

TEST_F(FlightCeilingTest, LetsThePathCarryAllItCan) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  EXPECT_GE(ceiling_.bytes(), 25'000u);
}

TEST_F(FlightCeilingTest, DoesSoOnALongPathAsWell) {
  path_.delay = milliseconds(150);
  (void)send_for(seconds(1), 20'000);
  (void)send_for(seconds(3), 3'000'000);
  EXPECT_LT(send_for(seconds(10), 3'000'000), milliseconds(150 + 4 + 3));
  EXPECT_GE(ceiling_.bytes(), 375'000u);
}

TEST_F(FlightCeilingTest, GrowsWithThePath) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  path_.bytes_per_second *= 8;
  (void)send_for(seconds(2), 500'000);
  EXPECT_GE(ceiling_.bytes(), 200'000u);
}

TEST_F(FlightCeilingTest, IsNotFooledByAnAcknowledgementThatCameLate) {
  (void)send_for(milliseconds(100), 20'000);
  for (int i = 0; i < 1000; ++i) {
    ceiling_.on_sent(20'000);
    now_ += milliseconds(1);
    ceiling_.on_round_trip(now_, i % 4 == 0 ? milliseconds(10) : milliseconds(35));
  }
  EXPECT_TRUE(is_none());
}

TEST_F(FlightCeilingTest, LeavesASenderOfLittleAlone) {
  (void)send_for(milliseconds(100), 3000);
  path_.foreign_queue = milliseconds(25);
  (void)send_for(seconds(10), 3000);
  EXPECT_TRUE(is_none());
}

TEST_F(FlightCeilingTest, GivesUpWhenTheQueueIsSomebodyElses) {
  (void)send_for(milliseconds(100), 20'000);
  path_.foreign_queue = milliseconds(100);
  (void)send_for(seconds(5), 20'000);
  EXPECT_TRUE(is_none());
}

TEST_F(FlightCeilingTest, IsBackWhenTheOthersHaveGone) {
  (void)send_for(milliseconds(100), 20'000);
  path_.foreign_queue = milliseconds(100);
  (void)send_for(seconds(5), 20'000);
  path_.foreign_queue = {};
  (void)send_for(seconds(1), 20'000);
  (void)send_for(seconds(1), 500'000);
  EXPECT_LT(send_for(seconds(5), 500'000), milliseconds(10 + 3 + 2));
}

TEST_F(FlightCeilingTest, DoesNotTakeSingleLossesForCongestion) {
  path_.loss = 0.05;
  (void)send_for(seconds(10), 20'000);
  EXPECT_TRUE(is_none());
}

TEST_F(FlightCeilingTest, LeavesAPolicerAlmostWhatItLetsThrough) {
  path_.buffer = {};
  (void)send_for(seconds(20), 500'000);
  EXPECT_LE(ceiling_.bytes(), 35'000u);
  EXPECT_GE(ceiling_.bytes(), 20'000u);
}

TEST_F(FlightCeilingTest, LeavesRoomInAShortBuffer) {
  path_.buffer = milliseconds(3);
  (void)send_for(seconds(1), 500'000);
  packets_ = lost_ = 0;
  (void)send_for(seconds(10), 500'000);
  EXPECT_LE(lost_ * 10, packets_);
}

TEST_F(FlightCeilingTest, GivesUpWhenThePathLosesThatMuchAnyway) {
  path_.loss = 0.3;
  (void)send_for(seconds(10), 20'000);
  EXPECT_TRUE(is_none());
}

TEST_F(FlightCeilingTest, IsWhatTheFastestPathCarriesWhileThisOneHasNoQueue) {
  path_ = {.bytes_per_second = 1e10, .delay = milliseconds(1)};
  (void)send_for(seconds(1), 2'000'000);
  EXPECT_EQ(ceiling_.bytes(), 1'250'000u);  // 10 Gbit/s
}

TEST_F(FlightCeilingTest, LeavesAFewMessagesOnTheWayHoweverShortItIs) {
  path_ = {.bytes_per_second = 1e10, .delay = microseconds(20)};
  (void)send_for(milliseconds(50), 2'000'000);
  EXPECT_EQ(ceiling_.bytes(), 160'000u);
}

TEST_F(FlightCeilingTest, KnowsNothingOfANewPath) {
  (void)send_for(milliseconds(100), 20'000);
  (void)send_for(seconds(1), 500'000);
  ceiling_.start();
  EXPECT_EQ(ceiling_.bytes(), SIZE_MAX);
}

}  // namespace
}  // namespace softlan::quic
