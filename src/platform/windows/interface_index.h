// The number by which tools and sockets know an interface, for as long as the machine runs.
#pragma once

#include "base/network_settings.h"

namespace softlan::platform {

// 0 when there is no such interface.
[[nodiscard]] int interface_index(InterfaceId interface_id);

}  // namespace softlan::platform
