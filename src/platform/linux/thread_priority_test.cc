#include "platform/thread_priority.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <time.h>

#include <thread>

#include "platform/clock.h"

namespace softlan::platform {
namespace {

using std::chrono::milliseconds;

// Of the calling thread, without SCHED_RESET_ON_FORK.
int policy() { return sched_getscheduler(0) & ~SCHED_RESET_ON_FORK; }

Duration processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

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
};

TEST_F(ThreadPriorityTest, IsNotForThreadsStartedByThatOne) {
  raised([](ThreadPriority&) { std::thread([] { EXPECT_EQ(policy(), SCHED_OTHER); }).join(); });
}

TEST_F(ThreadPriorityTest, StaysWithAThreadThatDoesLittle) {
  raised([](ThreadPriority& priority) {
    const TimePoint start = now();
    for (int ms = 0; ms < 1000; ms += 50) priority.check(start + milliseconds(ms));
    EXPECT_EQ(policy(), SCHED_RR);
  });
}

TEST_F(ThreadPriorityTest, IsLostByAThreadThatTakesAProcessorForItself) {
  raised([](ThreadPriority& priority) {
    const TimePoint start = now();
    for (const Duration end = processor_time() + milliseconds(100); processor_time() < end;) continue;
    priority.check(start + milliseconds(101));
    EXPECT_EQ(policy(), SCHED_OTHER);
    priority.check(start + milliseconds(1101));
    EXPECT_EQ(policy(), SCHED_OTHER);
    priority.check(start + milliseconds(3101));  // it has used next to nothing since
    EXPECT_EQ(policy(), SCHED_RR);
  });
}

TEST_F(ThreadPriorityTest, IsLostByAThreadThatWakesUpForEverything) {
  raised([](ThreadPriority& priority) {
    const TimePoint start = now();
    for (int i = 0; i < 1000; ++i) std::this_thread::sleep_for(std::chrono::microseconds(50));
    priority.check(start + milliseconds(101));
    EXPECT_EQ(policy(), SCHED_OTHER);
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
