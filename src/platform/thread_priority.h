// A thread that moves frames goes before the machine's other work: a game or a build on the same processors costs its
// frames no time.
#pragma once

#include "base/time.h"

namespace softlan::platform {

class ThreadPriority {
 public:
  // The calling thread goes first from now on, if the system lets it. Threads and programs that it starts do not.
  // Linux: SCHED_RR at the lowest priority there is (sched(7)), for root, CAP_SYS_NICE or RLIMIT_RTPRIO; Windows:
  // THREAD_PRIORITY_HIGHEST.
  void raise();

  // To be called often, by that thread. On Linux nobody else gets a turn while a real-time thread has work, so one that
  // takes nearly all of its processor, as in a flood, is an ordinary thread until that is over.
  void check(TimePoint now);

 private:
  TimePoint next_check_ = kNever;  // kNever: not raised
  TimePoint last_check_{};
  Duration used_{};  // of the processor, until then
  bool raised_ = false;
};

}  // namespace softlan::platform
