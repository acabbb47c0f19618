#include "platform/linux/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "platform/linux/file_descriptor.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr int kPatienceMilliseconds = 1000;

// What the child needs between fork() and exec(), prepared before: no allocation is allowed there.
struct Launch {
  std::vector<char*> arguments;
  char path[80] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  char* environment[2] = {path, nullptr};

  explicit Launch(const std::vector<std::string>& command) {
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
  }
};

void forget_signal_settings() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2}) signal(number, SIG_DFL);
}

void use_null_device() {
  const int null_device = open("/dev/null", O_RDWR);
  if (null_device < 0) return;
  for (int fd = 0; fd <= 2; ++fd) dup2(null_device, fd);
  if (null_device > 2) close(null_device);
}

// Becomes the program, or reports the error number to `report`. Only async-signal-safe calls.
[[noreturn]] void become(Launch& launch, pid_t parent, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(0);  // it ended before we could ask
  forget_signal_settings();
  use_null_device();
  execve(launch.arguments[0], launch.arguments.data(), launch.environment);
  const int error = errno;
  (void)!write(report, &error, sizeof(error));
  _exit(127);
}

// Waits for the end of `pid` without reaping it; false when it has not come in time or cannot be waited for.
bool wait_for_end(pid_t pid) {
  // Not through <sys/pidfd.h>, which is not fit for C++ before glibc 2.37.
  const FileDescriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  pollfd end{.fd = process.get(), .events = POLLIN, .revents = 0};
  return process && poll(&end, 1, kPatienceMilliseconds) == 1;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail("cannot start {}: {}", command.front(), system_reason());
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  Launch launch(command);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) become(launch, parent, writing.get());
  if (pid < 0) return fail("cannot start {}: {}", command.front(), system_reason());
  ChildProcess child(pid);
  writing.close();
  int error = 0;
  // The pipe closes without a word when exec() succeeds.
  if (read(reading.get(), &error, sizeof(error)) == sizeof(error))
    return fail("cannot start {}: {}", command.front(), system_reason(error));
  return child;
}

bool ChildProcess::running() {
  if (pid_ != 0 && waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = 0;
  return pid_ != 0;
}

void ChildProcess::stop() {
  if (!running()) return;
  kill(pid_, SIGTERM);
  if (!wait_for_end(pid_)) kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace softlan::platform
