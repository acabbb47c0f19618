// What the tables of a machine say about its ways to a relay and to the party. Pure.
#pragma once

#include <optional>
#include <span>

#include "base/network_settings.h"

namespace softlan::client {

[[nodiscard]] bool is_link_local(const IpAddress& address);

// The way the machine would take to `to` without the interface `tap` and without the routes `own`: longest prefix, then
// lowest metric.
[[nodiscard]] std::optional<RouteEntry> best_route(std::span<const RouteEntry> table, const IpAddress& to,
                                                   InterfaceId tap, std::span<const Route> own);

// True when 255.255.255.255, where many games look for each other, leaves or may leave on another interface than `tap`.
[[nodiscard]] bool broadcasts_go_elsewhere(std::span<const RouteEntry> table, InterfaceId tap);

// A network that `tap` and another interface are both in.
[[nodiscard]] std::optional<Prefix> shared_network(std::span<const InterfaceAddress> addresses, InterfaceId tap);

}  // namespace softlan::client
