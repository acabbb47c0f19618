#include <sched.h>

#include <algorithm>
#include <thread>

#include "platform/linux/threads.h"

namespace softlan::platform {

std::size_t usable_processors() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  // It fails on machines of more than 1024 processors.
  if (sched_getaffinity(0, sizeof(usable), &usable) != 0) return std::max(1u, std::thread::hardware_concurrency());
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&usable)));
}

SignalsBlocked::SignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace softlan::platform
