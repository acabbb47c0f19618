#include "platform/thread_priority.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/clock.h"

namespace softlan::platform {
namespace {

// Of the calling thread, without SCHED_RESET_ON_FORK.
int policy() { return sched_getscheduler(0) & ~SCHED_RESET_ON_FORK; }

bool may_be_real_time() {
  bool allowed = false;
  std::thread([&] {
    const sched_param parameters{.sched_priority = sched_get_priority_min(SCHED_RR)};
    allowed = sched_setscheduler(0, SCHED_RR, &parameters) == 0;
  }).join();
  return allowed;
}

// Twice as many threads that only count as there are processors.
class BusyMachine {
 public:
  BusyMachine() {
    for (unsigned i = 0; i < 2 * std::thread::hardware_concurrency(); ++i)
      threads_.emplace_back([this] {
        while (!ends_) continue;
      });
  }
  ~BusyMachine() {
    ends_ = true;
    for (std::thread& each : threads_) each.join();
  }

 private:
  std::atomic<bool> ends_ = false;
  std::vector<std::thread> threads_;
};

// Whether the thread, which does little but ask, became a real-time one; it has half a minute for it.
bool is_raised(ThreadPriority& priority) {
  for (const TimePoint end = now() + std::chrono::seconds(30); now() < end;) {
    priority.check(now(), 0);
    if (policy() == SCHED_RR) return true;
    std::this_thread::yield();
  }
  return false;
}

TEST(ThreadPriority, IsGivenWhereOthersWantTheProcessors) {
  if (!may_be_real_time()) GTEST_SKIP() << "this machine lets us have no real-time threads";
  const BusyMachine busy;
  std::thread([] {
    ThreadPriority priority;
    priority.request();
    EXPECT_EQ(policy(), SCHED_OTHER);
    EXPECT_TRUE(is_raised(priority));
    std::thread([] { EXPECT_EQ(policy(), SCHED_OTHER) << "a thread started by that one"; }).join();
  }).join();
}

TEST(ThreadPriority, IsOnlyForThoseWhoAskedForIt) {
  std::thread([] {
    ThreadPriority priority;
    for (TimePoint at = now(), end = at + std::chrono::seconds(10); at < end; at += std::chrono::milliseconds(10))
      priority.check(at, 0);
    EXPECT_EQ(policy(), SCHED_OTHER);
  }).join();
}

}  // namespace
}  // namespace softlan::platform
