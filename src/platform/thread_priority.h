// A thread that moves frames goes before the machine's other work: a game or a build on the same processors costs its
// frames no time.
#pragma once

#include <cstdint>
#include <memory>

#include "base/time.h"

namespace softlan::platform {

class ThreadPriority {
 public:
  ThreadPriority();
  ~ThreadPriority();
  ThreadPriority(const ThreadPriority&) = delete;
  ThreadPriority& operator=(const ThreadPriority&) = delete;

  // The calling thread may go first from now on, if the system lets it. Threads and programs that it starts may not.
  // Linux: SCHED_RR at the lowest priority there is (sched(7)), for root, CAP_SYS_NICE or RLIMIT_RTPRIO, whenever
  // check() finds it right (linux/priority_rule.h). Windows: THREAD_PRIORITY_HIGHEST.
  void request();

  // To be called often, by that thread; `frames`: it has moved so many by now.
  void check(TimePoint now, std::uint64_t frames);

 private:
  struct Requested;
  std::unique_ptr<Requested> requested_;  // null: nobody asked for it, or there is nothing to check
};

}  // namespace softlan::platform
