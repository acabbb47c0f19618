// MAC addresses (IEEE 802, 48 bits) and the rules for those a member may own.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"

namespace softlan::proto {

struct Mac {
  std::array<std::uint8_t, 6> bytes{};

  // The caller has checked that six bytes are there.
  [[nodiscard]] static Mac load(const std::uint8_t* p);
  void store(std::uint8_t* p) const;
  // The address as a number below 2^48, for hashing and tables.
  [[nodiscard]] std::uint64_t number() const;

  [[nodiscard]] bool is_multicast() const { return (bytes[0] & 0x01) != 0; }  // broadcast included
  [[nodiscard]] bool is_broadcast() const { return number() == 0xffff'ffff'ffff; }
  [[nodiscard]] bool is_zero() const { return number() == 0; }
  [[nodiscard]] bool is_locally_administered() const { return (bytes[0] & 0x02) != 0; }

  auto operator<=>(const Mac&) const = default;
};

// "02:00:5e:10:00:01", also with '-' between the pairs, in either case; nothing else.
[[nodiscard]] std::optional<Mac> parse_mac(std::string_view text);
// Lower case, colons.
[[nodiscard]] std::string to_string(const Mac& mac);
// May a member own it: unicast and not zero.
[[nodiscard]] bool may_own(const Mac& mac);
// A random unicast, locally administered address.
[[nodiscard]] Mac generate_mac(Random& random);

}  // namespace softlan::proto

template <>
struct std::hash<softlan::proto::Mac> {
  std::size_t operator()(const softlan::proto::Mac& mac) const noexcept;
};
