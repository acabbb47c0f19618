// What a program may ask and change about the IP networks of the machine it runs on (Windows:
// platform/windows/network_settings.h).
//
// Every error is a sentence. A call that failed changed nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/prefix.h"
#include "base/result.h"

namespace softlan {

// Names a network interface for as long as it is installed (Windows: its LUID).
using InterfaceId = std::uint64_t;

// What names a route. `next_hop` is 0.0.0.0 or :: where the destination is on the link itself.
struct Route {
  Prefix destination;
  IpAddress next_hop;
  InterfaceId interface_id = 0;

  auto operator<=>(const Route&) const = default;
};

struct RouteEntry {
  Route route;
  std::uint32_t index = 0;   // of the interface, as tools show it
  std::uint32_t metric = 0;  // of the route and its interface together; the lowest wins
  IpAddress source;          // of packets that go this way; only what path_to() answers has one

  auto operator<=>(const RouteEntry&) const = default;
};

// Of one interface, for IPv4 or for IPv6.
struct InterfaceSettings {
  bool automatic_metric = true;
  std::uint32_t metric = 0;
  std::uint32_t mtu = 0;
  bool default_routes = true;  // whether default routes heard of there are used

  auto operator<=>(const InterfaceSettings&) const = default;
};

struct InterfaceAddress {
  InterfaceId interface_id = 0;
  IpAddress address;
  std::uint8_t prefix_length = 0;

  auto operator<=>(const InterfaceAddress&) const = default;
};

class NetworkSettings {
 public:
  virtual ~NetworkSettings() = default;

  // Of interfaces that are connected.
  [[nodiscard]] virtual Result<std::vector<RouteEntry>> routes(IpAddress::Family family) = 0;
  // The way packets to `address` go now.
  [[nodiscard]] virtual Result<RouteEntry> path_to(const IpAddress& address) = 0;
  // Lasts until it is removed or the machine starts again.
  [[nodiscard]] virtual Result<void> add_route(const Route& route) = 0;
  // Nothing to do where there is no such route.
  [[nodiscard]] virtual Result<void> remove_route(const Route& route) = 0;

  // Nothing when the interface is gone or does not speak that family.
  [[nodiscard]] virtual Result<std::optional<InterfaceSettings>> interface_settings(InterfaceId interface_id,
                                                                                    IpAddress::Family family) = 0;
  [[nodiscard]] virtual Result<void> set_interface_settings(InterfaceId interface_id, IpAddress::Family family,
                                                            const InterfaceSettings& settings) = 0;

  // Whether the name servers of that interface are asked for names in general. Nothing as above.
  [[nodiscard]] virtual Result<std::optional<bool>> asks_name_servers(InterfaceId interface_id,
                                                                      IpAddress::Family family) = 0;
  [[nodiscard]] virtual Result<void> ask_name_servers(InterfaceId interface_id, IpAddress::Family family, bool ask) = 0;

  [[nodiscard]] virtual Result<std::vector<InterfaceAddress>> addresses() = 0;
};

}  // namespace softlan
