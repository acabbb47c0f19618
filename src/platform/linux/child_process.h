// Another program, run in the background and ended with its owner.
//
// It reads and writes /dev/null, leads a process group of its own (Ctrl-C does not reach it), and gets SIGTERM when the
// thread that started it ends, however that ends.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace softlan::platform {

class ChildProcess {
 public:
  // `command` begins with the program's path; PATH is all of its environment.
  [[nodiscard]] static Result<ChildProcess> start(const std::vector<std::string>& command);

  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }
  ~ChildProcess() { stop(); }

  [[nodiscard]] bool running();

  // Asks it to end, waits a second at most, then ends its whole group. Harmless when it has ended.
  void stop();

 private:
  explicit ChildProcess(int pid) : pid_(pid) {}
  int pid_ = 0;  // 0: ended and reaped
};

}  // namespace softlan::platform
