// Who is on the LAN, as far as this machine knows without asking: its routers and the neighbours it has spoken with.
#pragma once

#include <vector>

#include "base/address.h"

namespace softlan::platform {

// IPv4 addresses behind the interface with this index: first those of routers, then of neighbours that have answered
// before; each once.
[[nodiscard]] std::vector<IpAddress> known_hosts(int index);

// This machine's own IPv4 addresses on that interface.
[[nodiscard]] std::vector<IpAddress> own_addresses(int index);

}  // namespace softlan::platform
