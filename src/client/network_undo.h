// Changes of the machine's networks as an undo journal keeps them, and how each is put back.
//
//   target                                       before
//   "route 203.0.113.5/32 192.168.1.1 NUMBER"    "none"
//   "interface v4 NUMBER"                        "automatic 25 1500 default-routes" or "fixed 25 1500
//   no-default-routes" "name-servers v4 NUMBER"                     "asked" or "not-asked"
//
// NUMBER is the interface. All are of the kind kNetworkChange.
#pragma once

#include <optional>

#include "base/network_settings.h"
#include "base/undo.h"

namespace softlan::client {

inline constexpr const char* kNetworkChange = "network";

[[nodiscard]] Change added_route(const Route& route);
[[nodiscard]] Change changed_interface(InterfaceId interface_id, IpAddress::Family family,
                                       const InterfaceSettings& before);
[[nodiscard]] Change changed_name_servers(InterfaceId interface_id, IpAddress::Family family, bool before);

// The route that is gone once `change` is put back; nothing when it is no change of that sort.
[[nodiscard]] std::optional<Route> route_of(const Change& change);

// Once more does no harm. Where the interface is gone, nothing is left to put back.
[[nodiscard]] Result<void> put_back(NetworkSettings& network, const Change& change);

}  // namespace softlan::client
