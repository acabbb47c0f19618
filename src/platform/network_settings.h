// The networks of this machine, to look at and to change.
//
// On Windows alone (IP Helper; changing needs an administrator). On Linux nothing of the kind is needed: a socket that
// is bound to its interface does not enter the tunnel, and the client's card and its settings end with the client.
#pragma once

#include <memory>
#include <string_view>

#include "base/network_settings.h"

namespace softlan::platform {

[[nodiscard]] Result<std::unique_ptr<NetworkSettings>> open_network_settings();

// The interface of the network adapter with this GUID, "{01234567-89ab-cdef-0123-456789abcdef}".
[[nodiscard]] Result<InterfaceId> interface_with_guid(std::string_view guid);

}  // namespace softlan::platform
