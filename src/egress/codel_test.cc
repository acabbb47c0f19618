#include "egress/codel.h"

#include <gtest/gtest.h>

#include <vector>

namespace softlan::egress {
namespace {

using std::chrono::milliseconds;

class CodelTest : public testing::Test {
 protected:
  // Milliseconds at which a frame is dropped, when one is looked at every millisecond.
  std::vector<int> drops(int from, int to, milliseconds waited) {
    std::vector<int> found;
    for (int at = from; at < to; ++at) {
      if (codel_.drops(TimePoint(milliseconds(at)), waited, false)) found.push_back(at);
    }
    return found;
  }

  Codel codel_;
};

TEST_F(CodelTest, LeavesAQueueBelowTheTargetAlone) { EXPECT_TRUE(drops(0, 1000, milliseconds(4)).empty()); }

TEST_F(CodelTest, IsPatientForAnInterval) {
  EXPECT_TRUE(drops(0, 50, milliseconds(20)).empty());
  EXPECT_EQ(drops(50, 51, milliseconds(20)), std::vector<int>{50});
}

TEST_F(CodelTest, DropsOneFrameAndThenMoreAndMoreOften) {
  const std::vector<int> found = drops(0, 300, milliseconds(20));
  ASSERT_GE(found.size(), 5u);
  EXPECT_EQ(found[0], 50);
  EXPECT_EQ(found[1], 100);
  EXPECT_EQ(found[2], 136);  // 50 / sqrt 2 later
  EXPECT_EQ(found[3], 165);
}

TEST_F(CodelTest, StopsAsSoonAsTheQueueIsShort) {
  ASSERT_FALSE(drops(0, 200, milliseconds(20)).empty());
  EXPECT_TRUE(drops(200, 201, milliseconds(1)).empty());
  EXPECT_TRUE(drops(201, 251, milliseconds(20)).empty()) << "patience begins anew";
}

TEST_F(CodelTest, GoesOnWhereItWasWhenTheQueueIsBackSoon) {
  const std::size_t first = drops(0, 400, milliseconds(20)).size();
  ASSERT_GT(first, 4u);
  (void)drops(400, 401, milliseconds(1));
  const std::vector<int> again = drops(401, 601, milliseconds(20));
  ASSERT_GE(again.size(), 2u);
  EXPECT_LT(again[1] - again[0], 30);
}

TEST_F(CodelTest, NeverDropsAFlowsOnlyFrame) {
  for (int at = 0; at < 500; ++at) EXPECT_FALSE(codel_.drops(TimePoint(milliseconds(at)), milliseconds(40), true));
}

}  // namespace
}  // namespace softlan::egress
