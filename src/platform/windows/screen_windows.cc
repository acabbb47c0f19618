#include "platform/screen.h"

#include <windows.h>

namespace softlan::platform {

std::optional<ScreenSize> screen_size() {
  HANDLE console = GetStdHandle(STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  if (!GetConsoleMode(console, &mode)) return std::nullopt;
  if ((mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) == 0 &&
      !SetConsoleMode(console, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING)) {
    return std::nullopt;
  }
  if (GetConsoleOutputCP() != CP_UTF8) SetConsoleOutputCP(CP_UTF8);
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (!GetConsoleScreenBufferInfo(console, &info)) return ScreenSize{};
  const auto extent = [](SHORT first, SHORT last) { return static_cast<std::size_t>(last - first + 1); };
  return ScreenSize{.columns = extent(info.srWindow.Left, info.srWindow.Right),
                    .rows = extent(info.srWindow.Top, info.srWindow.Bottom)};
}

}  // namespace softlan::platform
