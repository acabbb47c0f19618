#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace softlan {

namespace {

constexpr char32_t kBroken = 0xffff'ffff;

struct Decoded {
  char32_t code_point = kBroken;
  std::size_t size = 1;  // bytes consumed; 1 when broken
};

// The first code point of `text`, which is not empty (RFC 3629, section 3).
Decoded decode(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};

  std::size_t size = 0;
  char32_t smallest = 0;
  if (lead >= 0xc0 && lead < 0xe0) size = 2, smallest = 0x80;
  if (lead >= 0xe0 && lead < 0xf0) size = 3, smallest = 0x800;
  if (lead >= 0xf0 && lead < 0xf8) size = 4, smallest = 0x1'0000;
  if (size == 0 || size > text.size()) return {};

  char32_t code_point = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code_point = (code_point << 6) | (byte(i) & 0x3fU);
  }
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < smallest || code_point > 0x10'ffff || surrogate) return {};
  return {code_point, size};
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

// Reorders or breaks the line it stands in: embeddings, overrides, isolates and marks (Unicode annex 9); line and
// paragraph separators.
bool is_bidirectional_or_break(char32_t c) {
  return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

struct Range {
  char32_t first, last;
};

bool is_in(char32_t c, std::span<const Range> ranges) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// Roughly the classes W and F of Unicode annex 11.
constexpr Range kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
                           {0xf900, 0xfaff},   {0xfe30, 0xfe4f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                           {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x2'0000, 0x3'fffd}};
constexpr Range kCombining[] = {
    {0x300, 0x36f}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef}};

std::size_t columns_of(char32_t c) {
  if (is_in(c, kCombining)) return 0;
  return is_in(c, kWide) ? 2 : 1;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.code_point == kBroken) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

std::string printable(std::string_view text, std::size_t max_characters) {
  std::string clean;
  for (std::size_t count = 0; count < max_characters && !text.empty(); ++count) {
    const Decoded next = decode(text);
    const bool harmless =
        next.code_point != kBroken && !is_control(next.code_point) && !is_bidirectional_or_break(next.code_point);
    if (harmless)
      clean += text.substr(0, next.size);
    else
      clean += '?';
    text.remove_prefix(next.size);
  }
  return clean;
}

std::size_t columns(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Decoded next = decode(text);
    width += columns_of(next.code_point);
    text.remove_prefix(next.size);
  }
  return width;
}

std::string fit(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t size = 0;
  std::size_t used = 1;  // of the ellipsis
  for (;;) {
    const Decoded next = decode(text.substr(size));
    used += columns_of(next.code_point);
    if (used > width) break;
    size += next.size;
  }
  return std::string(text.substr(0, size)) + "…";
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace softlan
