// Which way leads to an address: for the tunnel's own packets, which must never enter the tunnel.
//
// A question to the system that changes nothing: its routing tables stay as they are.
#pragma once

#include <optional>
#include <string>

#include "base/address.h"
#include "base/result.h"

namespace softlan::platform {

struct Route {
  std::string interface_name;
  int index = 0;     // of that interface
  IpAddress source;  // family none when the system names none
  std::optional<IpAddress> gateway;
};

// The way packets to `destination` take. When that leads through the interface with index `ignore_interface` (0: none,
// used for our own TAP), the best route of the system's table that does not: longest prefix, then lowest metric.
[[nodiscard]] Result<Route> best_route(const IpAddress& destination, int ignore_interface = 0);

}  // namespace softlan::platform
