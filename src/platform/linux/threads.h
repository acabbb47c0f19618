// What threads of a program need of the system.
#pragma once

#include <csignal>
#include <cstddef>

namespace softlan::platform {

// Processors this process may run on, at least 1 (sched_getaffinity(2)).
[[nodiscard]] std::size_t usable_processors();

// While it lives, the calling thread takes no signals; nor ever do threads that it starts meanwhile.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace softlan::platform
