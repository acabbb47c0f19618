// IP addresses and UDP endpoints as plain values, without any operating-system header.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace softlan {

// An IPv4 address (first four bytes of `bytes`) or an IPv6 address, in network order.
struct IpAddress {
  enum class Family : std::uint8_t { none, v4, v6 };

  Family family = Family::none;
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const IpAddress&) const = default;
};

// A UDP endpoint. `scope` is the interface index of a link-local IPv6 address, else 0.
struct SocketAddress {
  IpAddress ip;
  std::uint16_t port = 0;
  std::uint32_t scope = 0;

  auto operator<=>(const SocketAddress&) const = default;
};

// Both ends of a UDP path as seen from here.
struct NetworkPath {
  SocketAddress local;
  SocketAddress remote;

  auto operator<=>(const NetworkPath&) const = default;
};

// "192.0.2.1" or "2001:db8::1" (RFC 4291, section 2.2); no brackets, no zone.
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);
[[nodiscard]] std::string to_string(const IpAddress& ip);
// "192.0.2.1:443" or "[2001:db8::1]:443".
[[nodiscard]] std::string to_string(const SocketAddress& address);

// A host name or IP literal with a port, as a user writes it: "relay.example.org:443", "192.0.2.1:443", "[::1]:443".
struct HostPort {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);

}  // namespace softlan
