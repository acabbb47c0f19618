#include "session/comings_and_goings.h"

#include <gtest/gtest.h>

namespace softlan::session {
namespace {

using ctrl::Role;
using std::chrono::seconds;

class ComingsAndGoingsTest : public testing::Test {
 protected:
  static TimePoint at(int second) { return TimePoint(seconds(second)); }
  // How many of these a person is told.
  int tell(int times, Role role, TimePoint now) {
    int told = 0;
    for (int i = 0; i < times; ++i) told += comings_.worth_telling(now, role) ? 1 : 0;
    return told;
  }

  ComingsAndGoings comings_;
};

TEST_F(ComingsAndGoingsTest, OfAnEveningAreAllTold) {
  EXPECT_EQ(tell(20, Role::client, at(1)), 20);
  for (int second = 3; second < 300; second += 2) EXPECT_EQ(tell(1, Role::client, at(second)), 1);
  EXPECT_EQ(comings_.next_deadline(), kNever);
}

TEST_F(ComingsAndGoingsTest, OfACrowdAreSummedUp) {
  EXPECT_EQ(tell(1015, Role::client, at(1)), 20);
  EXPECT_EQ(comings_.next_deadline(), at(11));
  EXPECT_EQ(comings_.sum_up(), "995 more joined or left");
  EXPECT_EQ(comings_.next_deadline(), kNever);
  EXPECT_EQ(tell(100, Role::client, at(11)), 5);
  EXPECT_EQ(comings_.sum_up(), "95 more joined or left");
}

TEST_F(ComingsAndGoingsTest, OfAGatewayAreNotHiddenByACrowd) {
  EXPECT_EQ(tell(1000, Role::client, at(1)), 20);
  EXPECT_EQ(tell(1000, Role::gateway, at(1)), 5);
}

}  // namespace
}  // namespace softlan::session
