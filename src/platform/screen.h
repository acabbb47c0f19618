// The terminal that standard output leads to, if it leads to one.
#pragma once

#include <cstddef>
#include <optional>

namespace softlan::platform {

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// None when standard output is no terminal, or one that knows no cursor movements (ECMA-48). Makes it understand them
// where that is a setting.
[[nodiscard]] std::optional<ScreenSize> screen_size();

}  // namespace softlan::platform
