#include "runtime/listen_address.h"

#include <charconv>

namespace softlan::runtime {

std::vector<SocketAddress> parse_listen_address(std::string_view text) {
  constexpr std::string_view kUdp = "/udp";
  if (text.ends_with(kUdp)) {
    const std::string_view digits = text.substr(0, text.size() - kUdp.size());
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return {};
    SocketAddress v6{.ip = {.family = IpAddress::Family::v6}, .port = port};
    SocketAddress v4{.ip = {.family = IpAddress::Family::v4}, .port = port};
    return {v6, v4};
  }
  const auto host_port = parse_host_port(text);
  if (!host_port) return {};
  const auto ip = parse_ip(host_port->host);
  if (!ip) return {};
  return {SocketAddress{.ip = *ip, .port = host_port->port}};
}

}  // namespace softlan::runtime
