// What a TOML file comes to before the parser may see it: toml++ 3.3 goes astray on letters beyond ASCII in the wrong
// places, so they stay in comments, and out of its sight.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace softlan::runtime {

struct TomlObjection {
  std::uint32_t line = 0;    // from 1, as is
  std::uint32_t column = 0;  // in bytes
  std::string_view sentence;
};

// The same text byte for byte, but that in comments every byte beyond ASCII is '?'. An objection when there are others,
// or a text of several lines, which would mean nothing in our files.
[[nodiscard]] std::expected<std::string, TomlObjection> plain_toml(std::string_view text);

}  // namespace softlan::runtime
