// softlan's addresses as the kernel's sockaddr, and back. For the files of this folder only.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "base/address.h"

namespace softlan::platform {

union SocketName {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// Fills `name` and answers its length; an address of family `none` becomes length 0.
[[nodiscard]] socklen_t to_system(const SocketAddress& address, SocketName& name);
// Anything but IPv4 and IPv6 becomes family `none`.
[[nodiscard]] SocketAddress from_system(const sockaddr& name);

[[nodiscard]] IpAddress from_system(const in_addr& address);
[[nodiscard]] IpAddress from_system(const in6_addr& address);

// The address of a sockaddr_in in host order.
[[nodiscard]] std::uint32_t ipv4_number(const sockaddr& name);

}  // namespace softlan::platform
