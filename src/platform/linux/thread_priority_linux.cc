#include <sched.h>
#include <sys/resource.h>

#include "base/check.h"
#include "platform/clock.h"
#include "platform/thread_priority.h"

namespace softlan::platform {

namespace {

constexpr Duration kInterval = std::chrono::milliseconds(100);
constexpr Duration kPause = std::chrono::seconds(2);

// Shares of a processor, in percent: above the one a thread becomes ordinary, below the other it may go first again.
constexpr int kTooMuch = 80;
constexpr int kModest = 20;
constexpr int kTooOften = 8000;  // sleeps a second

// 0: the calling thread.
bool go_first(bool first) {
  const sched_param parameters{.sched_priority = first ? sched_get_priority_min(SCHED_RR) : 0};
  return sched_setscheduler(0, (first ? SCHED_RR : SCHED_OTHER) | SCHED_RESET_ON_FORK, &parameters) == 0;
}

Duration duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

ThreadPriority::Use ThreadPriority::Use::now() {
  rusage usage{};
  SOFTLAN_CHECK(getrusage(RUSAGE_THREAD, &usage) == 0);
  return {.processor = duration_of(usage.ru_utime) + duration_of(usage.ru_stime), .sleeps = usage.ru_nvcsw};
}

void ThreadPriority::raise() {
  raised_ = go_first(true);
  if (!raised_) return;
  last_check_ = now();
  next_check_ = last_check_ + kInterval;
  use_ = Use::now();
}

void ThreadPriority::check(TimePoint now) {
  if (now < next_check_) return;
  const Duration passed = now - last_check_;
  const Use use = Use::now();
  const auto percent = 100 * (use.processor - use_.processor) / passed;
  const auto sleeps = (use.sleeps - use_.sleeps) * Duration(std::chrono::seconds(1)) / passed;
  if (raised_ && (percent > kTooMuch || sleeps > kTooOften)) {
    raised_ = !go_first(false);
    ordinary_until_ = now + kPause;
  } else if (!raised_ && percent < kModest && now >= ordinary_until_) {
    raised_ = go_first(true);
  }
  use_ = use;
  last_check_ = now;
  next_check_ = now + kInterval;
}

}  // namespace softlan::platform
