#include "base/ring.h"

#include <gtest/gtest.h>

namespace softlan {
namespace {

TEST(Ring, GivesBackInOrderAcrossGrowthAndWrapping) {
  Ring<int> ring;
  int next_in = 0;
  int next_out = 0;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < round; ++i) ring.push_back(next_in++);
    for (int i = 0; i < round / 2; ++i) {
      ASSERT_EQ(ring.front(), next_out++);
      ring.pop_front();
    }
  }
  while (!ring.empty()) {
    ASSERT_EQ(ring.front(), next_out++);
    ring.pop_front();
  }
  EXPECT_EQ(next_in, next_out);
}

}  // namespace
}  // namespace softlan
