#include <sched.h>
#include <sys/resource.h>

#include <utility>

#include "base/check.h"
#include "platform/clock.h"
#include "platform/linux/priority_rule.h"
#include "platform/linux/processor_pressure.h"
#include "platform/thread_priority.h"

namespace softlan::platform {

namespace {

// 0: the calling thread.
bool go_first(bool first) {
  const sched_param parameters{.sched_priority = first ? sched_get_priority_min(SCHED_RR) : 0};
  return sched_setscheduler(0, (first ? SCHED_RR : SCHED_OTHER) | SCHED_RESET_ON_FORK, &parameters) == 0;
}

// Of the calling thread, since it began.
struct Use {
  Duration processor{};
  long sleeps = 0;

  static Use now() {
    rusage usage{};
    SOFTLAN_CHECK(getrusage(RUSAGE_THREAD, &usage) == 0);
    return {.processor = duration_of(usage.ru_utime) + duration_of(usage.ru_stime), .sleeps = usage.ru_nvcsw};
  }

 private:
  static Duration duration_of(const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  }
};

}  // namespace

struct ThreadPriority::Requested {
  PriorityRule rule;
  ProcessorPressure pressure;
  bool first = false;
  std::uint64_t frames_seen = 0;  // at the last check
  // At the last look.
  TimePoint at = now();
  Use use = Use::now();
  std::uint64_t frames = 0;
  Duration contended = pressure.contended();

  // What happened since then, which is forgotten with it. Where nobody knows of waiting there is some.
  PriorityRule::Interval take_interval(TimePoint now, std::uint64_t frames_now) {
    const Duration passed = now - std::exchange(at, now);
    const Use before = std::exchange(use, Use::now());
    const Duration waited_before = std::exchange(contended, pressure.contended());
    return {.passed = passed,
            .processor = use.processor - before.processor,
            .sleeps = use.sleeps - before.sleeps,
            .frames = static_cast<long>(frames_now - std::exchange(frames, frames_now)),
            .contended = pressure.is_known() ? contended - waited_before : passed};
  }
};

ThreadPriority::ThreadPriority() = default;
ThreadPriority::~ThreadPriority() = default;

void ThreadPriority::request() {
  // Only to see whether it may.
  if (go_first(true) && go_first(false)) requested_ = std::make_unique<Requested>();
}

void ThreadPriority::check(TimePoint now, std::uint64_t frames) {
  if (!requested_) return;
  Requested& thread = *requested_;
  const bool moved = std::exchange(thread.frames_seen, frames) != frames;
  const Duration since = now - thread.at;
  // A look takes 20 us, so it is for a moment without frames, unless there was none for as long again.
  if (since < PriorityRule::kInterval || (moved && since < 2 * PriorityRule::kInterval)) return;
  const bool first = thread.rule.decide(now, thread.take_interval(now, frames));
  if (first != thread.first && go_first(first)) thread.first = first;
}

}  // namespace softlan::platform
