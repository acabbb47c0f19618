#include "platform/thread_priority.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

#include "platform/clock.h"

namespace softlan::platform {
namespace {

// Of the calling thread, without SCHED_RESET_ON_FORK.
int policy() { return sched_getscheduler(0) & ~SCHED_RESET_ON_FORK; }

// In a thread of its own: the test's goes on as it was.
class ThreadPriorityTest : public testing::Test {
 protected:
  template <typename Work>
  static void raised(Work work) {
    bool allowed = false;
    std::thread([&] {
      ThreadPriority priority;
      priority.raise();
      allowed = policy() == SCHED_RR;
      if (allowed) work(priority);
    }).join();
    if (!allowed) GTEST_SKIP() << "this machine lets us have no real-time threads";
  }
  // Works without a pause until the thread has that policy, or for too long.
  static void work_until(int wanted, ThreadPriority& priority) {
    for (const TimePoint end = now() + std::chrono::seconds(20); policy() != wanted && now() < end;) {
      priority.check(now());
    }
  }
};

TEST_F(ThreadPriorityTest, IsNotForThreadsStartedByThatOne) {
  raised([](ThreadPriority&) { std::thread([] { EXPECT_EQ(policy(), SCHED_OTHER); }).join(); });
}

TEST_F(ThreadPriorityTest, StaysWithAThreadThatDoesLittle) {
  raised([](ThreadPriority& priority) {
    const TimePoint start = now();
    for (int ms = 0; ms < 1000; ms += 50) priority.check(start + std::chrono::milliseconds(ms));
    EXPECT_EQ(policy(), SCHED_RR);
  });
}

TEST_F(ThreadPriorityTest, IsLostByAThreadThatTakesAProcessorForItself) {
  raised([](ThreadPriority& priority) {
    work_until(SCHED_OTHER, priority);
    EXPECT_EQ(policy(), SCHED_OTHER);
    priority.check(now() + std::chrono::seconds(10));  // of which it will have used next to nothing
    EXPECT_EQ(policy(), SCHED_RR);
  });
}

TEST_F(ThreadPriorityTest, IsOnlyForThoseWhoAskedForIt) {
  std::thread([] {
    ThreadPriority priority;
    priority.check(now());
    EXPECT_EQ(policy(), SCHED_OTHER);
  }).join();
}

}  // namespace
}  // namespace softlan::platform
