#include "relay/refusal_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace softlan::relay {
namespace {

using std::chrono::seconds;

class RefusalLogTest : public testing::Test {
 protected:
  static TimePoint at(int second) { return TimePoint(seconds(second)); }
  void refuse(int times) {
    for (int i = 0; i < times; ++i) refusals_.refused(at(0), {}, "ROOM1", "room_full: no");
  }
  [[nodiscard]] auto lines() const { return std::ranges::count(text_.str(), '\n'); }

  std::ostringstream text_;
  obs::Log log_ = obs::Log::to(text_, obs::Level::info, obs::LogFormat::text);
  RefusalLog refusals_{log_};
};

TEST_F(RefusalLogTest, SaysEachOfAFew) {
  refuse(5);
  EXPECT_EQ(lines(), 5);
  EXPECT_EQ(refusals_.next_deadline(), kNever);
}

TEST_F(RefusalLogTest, SumsUpAFloodInOneLine) {
  refuse(1000);
  EXPECT_EQ(lines(), 5);
  EXPECT_EQ(refusals_.next_deadline(), at(10));
  refusals_.on_deadline(at(9));
  EXPECT_EQ(lines(), 5);
  refusals_.on_deadline(at(10));
  EXPECT_EQ(lines(), 6);
  EXPECT_NE(text_.str().find("count=995"), std::string::npos);
  EXPECT_EQ(refusals_.next_deadline(), kNever);
}

}  // namespace
}  // namespace softlan::relay
