#include "platform/thread_priority.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <functional>
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
  // Until the thread is an ordinary one, or for too long.
  static void until_ordinary(ThreadPriority& priority, const std::function<void()>& work) {
    for (const TimePoint end = now() + std::chrono::seconds(20); policy() != SCHED_OTHER && now() < end;) {
      work();
      priority.check(now());
    }
    EXPECT_EQ(policy(), SCHED_OTHER);
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
    until_ordinary(priority, [] {});
    const TimePoint then = now();
    priority.check(then + std::chrono::seconds(1));
    EXPECT_EQ(policy(), SCHED_OTHER);
    priority.check(then + std::chrono::seconds(10));  // of which it will have used next to nothing
    EXPECT_EQ(policy(), SCHED_RR);
  });
}

TEST_F(ThreadPriorityTest, IsLostByAThreadThatWakesUpForEverything) {
  raised([](ThreadPriority& priority) {
    until_ordinary(priority, [] { std::this_thread::sleep_for(std::chrono::nanoseconds(1)); });
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
