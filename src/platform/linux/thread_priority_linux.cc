#include <sched.h>
#include <time.h>

#include "base/check.h"
#include "platform/clock.h"
#include "platform/thread_priority.h"

namespace softlan::platform {

namespace {

constexpr Duration kInterval = std::chrono::milliseconds(100);

// Shares of a processor, in percent: above the one a thread is ordinary, below the other it goes first again.
constexpr int kTooMuch = 80;
constexpr int kModest = 50;

Duration processor_time() {
  timespec time{};
  SOFTLAN_CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// 0: the calling thread.
bool go_first(bool first) {
  const sched_param parameters{.sched_priority = first ? sched_get_priority_min(SCHED_RR) : 0};
  return sched_setscheduler(0, (first ? SCHED_RR : SCHED_OTHER) | SCHED_RESET_ON_FORK, &parameters) == 0;
}

}  // namespace

void ThreadPriority::raise() {
  raised_ = go_first(true);
  if (!raised_) return;
  last_check_ = now();
  next_check_ = last_check_ + kInterval;
  used_ = processor_time();
}

void ThreadPriority::check(TimePoint now) {
  if (now < next_check_) return;
  const Duration used = processor_time();
  const auto percent = 100 * (used - used_) / (now - last_check_);
  if (percent > kTooMuch && raised_) raised_ = !go_first(false);
  if (percent < kModest && !raised_) raised_ = go_first(true);
  used_ = used;
  last_check_ = now;
  next_check_ = now + kInterval;
}

}  // namespace softlan::platform
