#include "auth/recent_map.h"

#include <gtest/gtest.h>

namespace softlan::auth {
namespace {

TEST(ARecentMap, RemembersWhatWasPutIntoIt) {
  RecentMap<int, int> map(2);
  EXPECT_EQ(map.find(1), nullptr);
  map.use(1, 10) += 1;
  map.use(1, 10) += 1;
  ASSERT_NE(map.find(1), nullptr);
  EXPECT_EQ(*map.find(1), 12);
}

TEST(ARecentMap, ForgetsWhatWasUsedLongestAgo) {
  RecentMap<int, int> map(2);
  map.use(1, 0);
  map.use(2, 0);
  map.use(1, 0);
  map.use(3, 0);
  EXPECT_NE(map.find(1), nullptr);
  EXPECT_EQ(map.find(2), nullptr);
  EXPECT_NE(map.find(3), nullptr);
  EXPECT_EQ(map.size(), 2u);
}

TEST(ARecentMap, DoesNotCountLookingAsUsing) {
  RecentMap<int, int> map(2);
  map.use(1, 0);
  map.use(2, 0);
  EXPECT_NE(map.find(1), nullptr);
  map.use(3, 0);
  EXPECT_EQ(map.find(1), nullptr);
}

TEST(ARecentMap, ForgetsOnRequest) {
  RecentMap<int, int> map(2);
  map.use(1, 10);
  map.forget(1);
  map.forget(1);
  EXPECT_EQ(map.find(1), nullptr);
  EXPECT_EQ(map.use(1, 20), 20);
}

}  // namespace
}  // namespace softlan::auth
