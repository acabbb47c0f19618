#include <windows.h>

#include <array>

#include "platform/screen.h"
#include "platform/terminal.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

constexpr std::size_t kMaxLine = 1024;

bool is_console(DWORD which) {
  DWORD mode = 0;
  return GetConsoleMode(GetStdHandle(which), &mode);
}

// Nothing that is typed is shown while this lives.
class Unseen {
 public:
  explicit Unseen(HANDLE console) : console_(console) {
    changed_ = GetConsoleMode(console_, &before_) &&
               SetConsoleMode(console_, (before_ | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT) &
                                            ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
  }
  ~Unseen() {
    if (changed_) SetConsoleMode(console_, before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  HANDLE console_;
  DWORD before_ = 0;
  bool changed_ = false;
};

}  // namespace

bool has_terminal() { return is_console(STD_INPUT_HANDLE); }
bool is_watched() { return is_console(STD_ERROR_HANDLE); }

std::optional<std::string> ask_secret(const std::string& prompt) {
  write_text(stdout, prompt);
  HANDLE console = GetStdHandle(STD_INPUT_HANDLE);
  std::array<wchar_t, kMaxLine> typed{};
  DWORD length = 0;
  {
    const Unseen unseen(console);
    if (!ReadConsoleW(console, typed.data(), static_cast<DWORD>(typed.size()), &length, nullptr)) length = 0;
  }
  write_text(stdout, "\n");
  std::wstring_view line(typed.data(), length);
  if (!line.ends_with(L"\r\n")) return std::nullopt;  // Ctrl-C, or the end of input
  line.remove_suffix(2);
  return to_utf8(line);
}

}  // namespace softlan::platform
