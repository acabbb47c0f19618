// IP networks: "192.168.1.0/24", "2001:db8::/32".
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"

namespace softlan {

// Bits of `address` beyond the first `length` are zero where a function of this header made it.
struct Prefix {
  IpAddress address;
  std::uint8_t length = 0;

  auto operator<=>(const Prefix&) const = default;
};

// 32 or 128: the length of a prefix that holds one address.
[[nodiscard]] constexpr std::uint8_t address_bits(IpAddress::Family family) {
  return family == IpAddress::Family::v6 ? 128 : 32;
}

[[nodiscard]] inline Prefix host_prefix(const IpAddress& address) { return {address, address_bits(address.family)}; }
// The network of that length that holds `address`.
[[nodiscard]] Prefix network_of(const IpAddress& address, std::uint8_t length);
[[nodiscard]] bool contains(const Prefix& prefix, const IpAddress& address);
[[nodiscard]] bool overlap(const Prefix& a, const Prefix& b);

[[nodiscard]] std::string to_string(const Prefix& prefix);
[[nodiscard]] std::optional<Prefix> parse_prefix(std::string_view text);

}  // namespace softlan
