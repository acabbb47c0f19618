// Addresses as Windows' network functions take them.
#pragma once

#include <winsock2.h>
// which these need:
#include <ws2ipdef.h>

#include "base/address.h"

namespace softlan::platform {

using SocketName = SOCKADDR_INET;

// Answers the size for socket functions.
int to_system(const SocketAddress& address, SocketName& name);
[[nodiscard]] SocketAddress from_system(const SocketName& name);

[[nodiscard]] inline ADDRESS_FAMILY system_family(IpAddress::Family family) {
  return family == IpAddress::Family::v4 ? AF_INET : AF_INET6;
}

}  // namespace softlan::platform
