#include "auth/scram_text.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/text.h"

namespace softlan::auth {

std::string binding_value(std::string_view gs2_header, const ChannelBinding& binding) {
  std::vector<std::uint8_t> input(gs2_header.begin(), gs2_header.end());
  input.insert(input.end(), binding.begin(), binding.end());
  return to_base64(input);
}

std::optional<std::string_view> Attributes::take(char letter) {
  const std::string_view next = left_.substr(0, left_.find(','));
  const bool comma_at_end = next.size() + 1 == left_.size();
  if (next.size() < 3 || next[0] != letter || next[1] != '=' || comma_at_end) return {};
  left_.remove_prefix(std::min(next.size() + 1, left_.size()));
  return next.substr(2);
}

bool Attributes::only_extensions_left() const {
  Attributes rest = *this;
  while (!rest.left_.empty()) {
    const char letter = rest.left_.front();
    const bool alphabetic = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    if (!alphabetic || letter == 'm' || !rest.take(letter)) return false;
  }
  return true;
}

std::string to_saslname(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == ',') {
      text += "=2C";
    } else if (c == '=') {
      text += "=3D";
    } else {
      text += c;
    }
  }
  return text;
}

std::optional<std::string> parse_saslname(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      name += text[i];
      continue;
    }
    const std::string_view code = text.substr(i + 1, 2);
    if (code == "2C" || code == "2c") {
      name += ',';
    } else if (code == "3D" || code == "3d") {
      name += '=';
    } else {
      return {};
    }
    i += code.size();
  }
  const bool fit =
      !name.empty() && name.size() <= kMaxNameBytes && is_utf8(name) && printable(name, name.size()) == name;
  return fit ? std::optional(std::move(name)) : std::nullopt;
}

std::string make_nonce(Random& random) {
  std::array<std::uint8_t, 18> bytes;
  random.fill(bytes);
  return to_base64(bytes);
}

bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNonceBytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != ','; });
}

std::optional<std::uint32_t> parse_iterations(std::string_view text) {
  if (text.empty() || text.front() == '0') return {};
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<Key> parse_key(std::string_view text) {
  const auto bytes = parse_base64(text);
  Key key;
  if (!bytes || bytes->size() != key.size()) return {};
  std::ranges::copy(*bytes, key.begin());
  return key;
}

}  // namespace softlan::auth
