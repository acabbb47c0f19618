// A thread that moves frames goes before the machine's other work: a game or a build on the same processors costs its
// frames no time.
#pragma once

#include "base/time.h"

namespace softlan::platform {

class ThreadPriority {
 public:
  // The calling thread goes first from now on, if the system lets it. Threads and programs that it starts do not.
  // Linux: SCHED_RR at the lowest priority there is (sched(7)), for root, CAP_SYS_NICE or RLIMIT_RTPRIO. Windows:
  // THREAD_PRIORITY_HIGHEST.
  void raise();

  // To be called often, by that thread. On Linux nobody else gets a turn while a real-time thread has work. So it is an
  // ordinary one for a while when it takes nearly all of a processor, as in a flood; or wakes up for every single
  // packet of very many, which leaves those who send and receive them no time, and itself no batches.
  void check(TimePoint now);

 private:
  // Of the calling thread, since it began.
  struct Use {
    Duration processor{};
    long sleeps = 0;

    static Use now();
  };

  TimePoint next_check_ = kNever;  // kNever: nobody asked for it
  TimePoint last_check_{};
  TimePoint ordinary_until_{};
  Use use_;  // at the last check
  bool raised_ = false;
};

}  // namespace softlan::platform
