// Whether Windows asks the name servers of an interface for names in general, or only for those that rules send there.
//
// Through functions that Windows has since version 2004 of Windows 10, so they are looked up at run time. Microsoft's
// reference calls the member of the structure reserved, while its header (netioapi.h) names the flag.
#pragma once

#include <winsock2.h>
// which needs to stand before
#include <ws2ipdef.h>
// and that before
#include <iphlpapi.h>

#include <optional>

#include "base/address.h"
#include "base/result.h"

namespace softlan::platform {

// Nothing when there is no such interface.
[[nodiscard]] Result<std::optional<bool>> asks_name_servers(const NET_LUID& luid, IpAddress::Family family);
[[nodiscard]] Result<void> ask_name_servers(const NET_LUID& luid, IpAddress::Family family, bool ask);

}  // namespace softlan::platform
