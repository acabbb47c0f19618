#include "platform/linux/child_process.h"

#include <gtest/gtest.h>

namespace softlan::platform {
namespace {

TEST(ChildProcess, RunsUntilItIsStopped) {
  auto child = ChildProcess::start({"/bin/sleep", "1000"});
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_TRUE(child->running());
  child->stop();
  EXPECT_FALSE(child->running());
  child->stop();
}

TEST(ChildProcess, EndsEvenWhenItIgnoresTheRequest) {
  auto child = ChildProcess::start({"/bin/sh", "-c", "trap '' TERM; while :; do sleep 1000; done"});
  ASSERT_TRUE(child) << child.error().message;
  child->stop();
  EXPECT_FALSE(child->running());
}

TEST(ChildProcess, AProgramThatCannotBeRunIsNamed) {
  const auto child = ChildProcess::start({"/nonexistent/program"});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().message, "cannot start /nonexistent/program: No such file or directory");
}

}  // namespace
}  // namespace softlan::platform
