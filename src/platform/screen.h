// The terminal that standard output leads to, if it leads to one, and writing to it.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string_view>

namespace softlan::platform {

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// None when standard output is no terminal, or one that knows no cursor movements (ECMA-48). Makes it understand them
// where that is a setting, and puts the setting back at the program's end.
[[nodiscard]] std::optional<ScreenSize> screen_size();

// All of `text` (UTF-8) to standard output or standard error, at once, wherever that leads to. What cannot be written
// is lost: nobody reads it any more.
void write_text(std::FILE* stream, std::string_view text);

}  // namespace softlan::platform
