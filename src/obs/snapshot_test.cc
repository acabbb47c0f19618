#include "obs/snapshot.h"

#include <gtest/gtest.h>

namespace softlan::obs {
namespace {

using namespace std::chrono_literals;

Counters some_drops() {
  Counters counters;
  counters.out.drop(DropReason::no_gateway, 1);
  counters.in.drop(DropReason::forged_source, 2);
  counters.out.drop(DropReason::forged_source, 1);
  counters.in.drop(DropReason::filler, 900);
  return counters;
}

TEST(DropCounts, AddBothDirectionsAndLeaveOutWhatIsZeroOrNoLoss) {
  const std::vector<std::pair<std::string, std::uint64_t>> expected{{"forged_source", 3}, {"no_gateway", 1}};
  EXPECT_EQ(drop_counts(some_drops()), expected);
  EXPECT_TRUE(drop_counts({}).empty());
}

TEST(DropCounts, FitOneLogValue) {
  EXPECT_EQ(drops_text(some_drops()), "forged_source:3,no_gateway:1");
  EXPECT_EQ(drops_text({}), "none");
}

TEST(Rates, ArePerSecondAndPerDirection) {
  Snapshot older{.taken = TimePoint(1s)};
  older.counters.in = {.frames = 100, .bytes = 1000};
  Snapshot newer{.taken = TimePoint(3s), .counters = older.counters};
  newer.counters.in.frames += 50;
  newer.counters.in.bytes += 500;
  newer.counters.out.drop(DropReason::queue_full, 4);
  const Rates rates = rates_between(older, newer);
  EXPECT_DOUBLE_EQ(rates.in.frames_per_second, 25);
  EXPECT_DOUBLE_EQ(rates.in.bits_per_second, 2000);
  EXPECT_DOUBLE_EQ(rates.in.drops_per_second, 0);
  EXPECT_DOUBLE_EQ(rates.out.frames_per_second, 0);
  EXPECT_DOUBLE_EQ(rates.out.drops_per_second, 2);
}

TEST(Rates, AreZeroWhileNoTimePasses) {
  Snapshot older{.taken = TimePoint(1s)};
  Snapshot newer = older;
  newer.counters.in.frames = 10;
  EXPECT_DOUBLE_EQ(rates_between(older, newer).in.frames_per_second, 0);
}

TEST(Rates, StartFromZeroWhenACounterWentBackwards) {
  Snapshot older{.taken = TimePoint(1s)};
  older.counters.in.frames = 1000;
  Snapshot newer{.taken = TimePoint(2s)};
  newer.counters.in.frames = 7;
  EXPECT_DOUBLE_EQ(rates_between(older, newer).in.frames_per_second, 7);
}

TEST(RateMeter, TellsWhatHappenedBetweenTheTwoLatestSamples) {
  RateMeter meter;
  Counters counters;
  counters.in.frames = 500;
  meter.sample(TimePoint(1s), counters);
  EXPECT_DOUBLE_EQ(meter.rates().in.frames_per_second, 0);
  counters.in.frames += 64;
  meter.sample(TimePoint(2s), counters);
  EXPECT_DOUBLE_EQ(meter.rates().in.frames_per_second, 64);
  meter.sample(TimePoint(3s), counters);
  EXPECT_DOUBLE_EQ(meter.rates().in.frames_per_second, 0);
}

}  // namespace
}  // namespace softlan::obs
