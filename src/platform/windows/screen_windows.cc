#include "platform/screen.h"

#include <windows.h>

#include <string>

#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

constexpr DWORD kMoves = ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;

// Lets a console understand cursor movements until the program ends; it may be a shell's, which stays.
class Moves {
 public:
  Moves(HANDLE console, DWORD before)
      : console_(console), before_(before), understood_(SetConsoleMode(console, before | kMoves)) {}
  ~Moves() {
    if (understood_) SetConsoleMode(console_, before_);
  }
  Moves(const Moves&) = delete;
  Moves& operator=(const Moves&) = delete;

  [[nodiscard]] bool understood() const { return understood_; }

 private:
  HANDLE console_;
  DWORD before_;
  bool understood_;
};

}  // namespace

std::optional<ScreenSize> screen_size() {
  HANDLE console = GetStdHandle(STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  if (!GetConsoleMode(console, &mode)) return std::nullopt;
  if ((mode & kMoves) != kMoves) {
    static const Moves moves(console, mode);
    if (!moves.understood()) return std::nullopt;
  }
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (!GetConsoleScreenBufferInfo(console, &info)) return ScreenSize{};
  const auto extent = [](SHORT first, SHORT last) { return static_cast<std::size_t>(last - first + 1); };
  return ScreenSize{.columns = extent(info.srWindow.Left, info.srWindow.Right),
                    .rows = extent(info.srWindow.Top, info.srWindow.Bottom)};
}

// To a console in its own alphabet, whatever its code page is: that belongs to whoever started the program.
void write_text(std::FILE* stream, std::string_view text) {
  HANDLE console = GetStdHandle(stream == stderr ? STD_ERROR_HANDLE : STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  if (!GetConsoleMode(console, &mode)) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
    return;
  }
  std::fflush(stream);
  const std::wstring wide = to_wide(text);
  DWORD written = 0;
  for (std::wstring_view rest = wide; !rest.empty(); rest.remove_prefix(written)) {
    if (!WriteConsoleW(console, rest.data(), static_cast<DWORD>(rest.size()), &written, nullptr) || written == 0)
      return;
  }
}

}  // namespace softlan::platform
