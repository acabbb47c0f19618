#include "platform/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace softlan::platform {

std::optional<ScreenSize> screen_size() {
  const char* kind = std::getenv("TERM");
  if (isatty(STDOUT_FILENO) != 1 || kind == nullptr || std::string_view(kind) == "dumb") return std::nullopt;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return ScreenSize{};
  return ScreenSize{.columns = size.ws_col, .rows = size.ws_row};
}

void write_text(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace softlan::platform
