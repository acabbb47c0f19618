#include "proto/budget.h"

#include <gtest/gtest.h>

#include "base/frame_pool.h"
#include "proto/fragment.h"
#include "proto/overlay.h"

namespace softlan::proto {
namespace {

TEST(UnfragmentedMtu, LeavesRoomForTheOverlayAndEthernetHeaders) {
  EXPECT_EQ(unfragmented_mtu(1442), 1424U);
  EXPECT_EQ(unfragmented_mtu(kMinDatagramBudget), 1150U);
  EXPECT_EQ(unfragmented_mtu(19), 1U);
  EXPECT_EQ(unfragmented_mtu(18), 0U);
  EXPECT_EQ(unfragmented_mtu(0), 0U);
}

TEST(UnfragmentedMtu, IsTheLargestWhoseFramesNeedOneDatagram) {
  for (std::size_t budget = 100; budget < 1500; ++budget) {
    EXPECT_EQ(datagrams_needed(unfragmented_mtu(budget) + 14, budget), 1U);
    EXPECT_EQ(datagrams_needed(unfragmented_mtu(budget) + 15, budget), 2U);
  }
}

TEST(DatagramsNeeded, IsTwoForTheLargestFrameAtTheSmallestBudget) {
  EXPECT_EQ(datagrams_needed(kMaxFrameSize, kMinDatagramBudget), 2U);
}

TEST(DatagramsNeeded, IsZeroWhenTheFrameCannotBeSent) {
  EXPECT_EQ(datagrams_needed(100, 0), 0U);
  EXPECT_EQ(datagrams_needed(100, kFragmentHeaderSize), 0U);
  EXPECT_EQ(datagrams_needed(100, kFragmentHeaderSize + 1), 0U);  // a hundred parts are too many
  EXPECT_EQ(datagrams_needed(13, 1200), 0U);
  EXPECT_EQ(datagrams_needed(kMaxFrameSize + 1, 4000), 0U);
}

TEST(DatagramsNeeded, CountsWhatNextPartSizeCuts) {
  for (std::size_t budget = 250; budget < 1540; ++budget) {
    std::size_t parts = 0;
    for (std::size_t remaining = kMaxFrameSize; remaining > 0; ++parts) remaining -= next_part_size(remaining, budget);
    const bool whole = kMaxFrameSize + kOverlayHeaderSize <= budget;
    EXPECT_EQ(datagrams_needed(kMaxFrameSize, budget), whole ? 1 : parts) << budget;
  }
}

}  // namespace
}  // namespace softlan::proto
