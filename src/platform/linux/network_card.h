// The network card as the doctor wants to know it, asked of rtnetlink(7), ethtool(8) and sysfs(5) at once. Changes
// nothing and needs no privilege.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/card.h"

namespace softlan::platform {

// Where the kernel shows its network cards, unless a test has others.
inline constexpr std::string_view kSysfsCards = "/sys/class/net";

// Speed, duplex and whether it is Wi-Fi come from `sysfs`, when that shows this very interface: in a container it may
// show those of the machine around it.
[[nodiscard]] doctor::Card look_at_card(const std::string& name, const std::string& sysfs = std::string(kSysfsCards));

// The rights a gateway needs and this process lacks: "CAP_NET_RAW", "CAP_NET_ADMIN" (capabilities(7)).
[[nodiscard]] std::vector<std::string> missing_rights();

// This machine, for doctor::judge().
[[nodiscard]] doctor::Machine look_at_machine();

}  // namespace softlan::platform
