#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "platform/terminal.h"

namespace softlan::platform {

namespace {

constexpr std::size_t kMaxLine = 1024;

// Nothing that is typed is shown while this lives.
class Unseen {
 public:
  Unseen() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~Unseen() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

bool has_terminal() { return isatty(STDIN_FILENO) == 1; }
bool is_watched() { return isatty(STDERR_FILENO) == 1; }

std::optional<std::string> ask_secret(const std::string& prompt) {
  std::fputs(prompt.c_str(), stdout);
  std::fflush(stdout);
  std::string line;
  bool complete = false;
  {
    const Unseen unseen;
    char c = 0;
    while (!complete && line.size() < kMaxLine && read(STDIN_FILENO, &c, 1) == 1) {
      complete = c == '\n';
      if (!complete) line += c;
    }
  }
  std::fputs("\n", stdout);
  if (!complete) return std::nullopt;
  return line;
}

}  // namespace softlan::platform
