#include "proto/mac.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace softlan::proto {

Mac Mac::load(const std::uint8_t* p) {
  Mac mac;
  std::copy_n(p, mac.bytes.size(), mac.bytes.begin());
  return mac;
}

void Mac::store(std::uint8_t* p) const { std::copy(bytes.begin(), bytes.end(), p); }

std::uint64_t Mac::number() const {
  return (std::uint64_t{load_be16(bytes.data())} << 32) | load_be32(bytes.data() + 2);
}

std::optional<Mac> parse_mac(std::string_view text) {
  if (text.size() != 17) return {};
  const char separator = text[2];
  if (separator != ':' && separator != '-') return {};
  Mac mac;
  for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
    const char* pair = text.data() + 3 * i;
    const auto [end, error] = std::from_chars(pair, pair + 2, mac.bytes[i], 16);
    if (error != std::errc{} || end != pair + 2) return {};
    if (i < 5 && *end != separator) return {};
  }
  return mac;
}

std::string to_string(const Mac& mac) {
  const auto& b = mac.bytes;
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", b[0], b[1], b[2], b[3], b[4], b[5]);
}

bool may_own(const Mac& mac) { return !mac.is_multicast() && !mac.is_zero(); }

Mac generate_mac(Random& random) {
  Mac mac;
  random.fill(mac.bytes);
  mac.bytes[0] = static_cast<std::uint8_t>((mac.bytes[0] & 0xfc) | 0x02);
  return mac;
}

}  // namespace softlan::proto

std::size_t std::hash<softlan::proto::Mac>::operator()(const softlan::proto::Mac& mac) const noexcept {
  // Fibonacci hashing; the high half is the well-mixed one.
  const std::uint64_t mixed = mac.number() * 0x9e3779b97f4a7c15;
  return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}
