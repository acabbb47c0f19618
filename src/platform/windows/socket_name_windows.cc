#include <cstring>

#include "platform/windows/socket_name.h"

namespace softlan::platform {

int to_system(const SocketAddress& address, SocketName& name) {
  name = {};
  name.si_family = system_family(address.ip.family);
  if (address.ip.family == IpAddress::Family::v4) {
    name.Ipv4.sin_port = htons(address.port);
    std::memcpy(&name.Ipv4.sin_addr, address.ip.bytes.data(), sizeof(name.Ipv4.sin_addr));
    return sizeof(name.Ipv4);
  }
  name.Ipv6.sin6_port = htons(address.port);
  name.Ipv6.sin6_scope_id = address.scope;
  std::memcpy(&name.Ipv6.sin6_addr, address.ip.bytes.data(), sizeof(name.Ipv6.sin6_addr));
  return sizeof(name.Ipv6);
}

SocketAddress from_system(const SocketName& name) {
  SocketAddress address;
  if (name.si_family == AF_INET) {
    address.ip.family = IpAddress::Family::v4;
    address.port = ntohs(name.Ipv4.sin_port);
    std::memcpy(address.ip.bytes.data(), &name.Ipv4.sin_addr, sizeof(name.Ipv4.sin_addr));
  } else if (name.si_family == AF_INET6) {
    address.ip.family = IpAddress::Family::v6;
    address.port = ntohs(name.Ipv6.sin6_port);
    address.scope = name.Ipv6.sin6_scope_id;
    std::memcpy(address.ip.bytes.data(), &name.Ipv6.sin6_addr, sizeof(name.Ipv6.sin6_addr));
  }
  return address;
}

}  // namespace softlan::platform
