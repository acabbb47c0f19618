#include "obs/counters.h"

#include <gtest/gtest.h>

namespace softlan::obs {
namespace {

TEST(Counters, CountDropsByReason) {
  DirectionCounters counters;
  counters.drop(DropReason::jumbo);
  counters.drop(DropReason::jumbo, 4);
  EXPECT_EQ(counters.dropped(DropReason::jumbo), 5U);
  EXPECT_EQ(counters.dropped(DropReason::runt), 0U);
}

TEST(Counters, DoNotTakeFillerForALoss) {
  DirectionCounters counters;
  counters.drop(DropReason::filler, 100);
  counters.drop(DropReason::none, 10);
  counters.drop(DropReason::queue_full, 2);
  counters.drop(DropReason::device_refused, 1);
  EXPECT_EQ(counters.dropped_total(), 3U);
}

TEST(Counters, AddUpFieldByField) {
  DirectionCounters sum{.frames = 1, .datagrams = 2, .bytes = 3};
  sum.drop(DropReason::runt);
  DirectionCounters more{.frames = 10, .datagrams = 20, .bytes = 30};
  more.drop(DropReason::runt, 5);
  more.drop(DropReason::queue_late);
  sum += more;
  EXPECT_EQ(sum.frames, 11U);
  EXPECT_EQ(sum.datagrams, 22U);
  EXPECT_EQ(sum.bytes, 33U);
  EXPECT_EQ(sum.dropped(DropReason::runt), 6U);
  EXPECT_EQ(sum.dropped(DropReason::queue_late), 1U);
}

}  // namespace
}  // namespace softlan::obs
