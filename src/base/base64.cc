#include "base/base64.h"

namespace softlan {

namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(Bytes bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned held = 0;  // low bits of `bits` that are not written yet
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 6; held -= 6) text += alphabet[(bits >> (held - 6)) & 0x3f];
  }
  if (held > 0) text += alphabet[(bits << (6 - held)) & 0x3f];
  return text;
}

std::optional<std::vector<std::uint8_t>> decode(std::string_view text, std::string_view alphabet) {
  if (text.size() % 4 == 1) return {};
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char symbol : text) {
    const std::size_t value = alphabet.find(symbol);
    if (value == std::string_view::npos) return {};
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> held));
  }
  const bool stray = (bits & ((1U << held) - 1)) != 0;
  if (stray) return {};
  return bytes;
}

}  // namespace

std::string to_base64(Bytes bytes) {
  std::string text = encode(bytes, kStandard);
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string to_base64url(Bytes bytes) { return encode(bytes, kUrl); }

std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return decode(text, kStandard);
}

std::optional<std::vector<std::uint8_t>> parse_base64url(std::string_view text) { return decode(text, kUrl); }

}  // namespace softlan
