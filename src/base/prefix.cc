#include "base/prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace softlan {

Prefix network_of(const IpAddress& address, std::uint8_t length) {
  Prefix network{address, std::min(length, address_bits(address.family))};
  for (std::size_t i = 0; i < network.address.bytes.size(); ++i) {
    const int kept = std::clamp(network.length - static_cast<int>(i) * 8, 0, 8);
    network.address.bytes[i] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return network;
}

bool contains(const Prefix& prefix, const IpAddress& address) {
  return address.family == prefix.address.family &&
         network_of(address, prefix.length) == network_of(prefix.address, prefix.length);
}

bool overlap(const Prefix& a, const Prefix& b) {
  return a.length <= b.length ? contains(a, b.address) : contains(b, a.address);
}

std::string to_string(const Prefix& prefix) { return fmt::format("{}/{}", to_string(prefix.address), prefix.length); }

std::optional<Prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const auto address = parse_ip(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  std::uint8_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (!address || error != std::errc{} || end != digits.data() + digits.size()) return {};
  if (length > address_bits(address->family)) return {};
  return Prefix{*address, length};
}

}  // namespace softlan
