#include "platform/windows/console_events.h"

#include <gtest/gtest.h>
#include <windows.h>

#include <condition_variable>
#include <mutex>

namespace softlan::platform {
namespace {

class ConsoleEventsTest : public ::testing::Test {
 protected:
  // Whether `count` have come, soon.
  bool have_come(int count) {
    std::unique_lock lock(mutex_);
    return told_.wait_for(lock, std::chrono::seconds(10), [&] { return events_ >= count; });
  }
  std::function<void()> count() {
    return [this] {
      const std::scoped_lock lock(mutex_);
      ++events_;
      told_.notify_all();
    };
  }

  std::mutex mutex_;
  std::condition_variable told_;
  int events_ = 0;
};

TEST_F(ConsoleEventsTest, CtrlCIsToldAndDoesNotEndTheProgram) {
  {
    const ConsoleEvents events(count());
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) GTEST_SKIP() << "no console";
    ASSERT_TRUE(have_come(1));
  }
  const ConsoleEvents later(count());
  EXPECT_TRUE(have_come(2)) << "what has happened is told to who comes later";
}

}  // namespace
}  // namespace softlan::platform
