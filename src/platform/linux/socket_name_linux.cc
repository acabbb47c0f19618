#include <cstring>

#include "platform/linux/socket_name.h"

namespace softlan::platform {

socklen_t to_system(const SocketAddress& address, SocketName& name) {
  switch (address.ip.family) {
    case IpAddress::Family::v4:
      name.v4 = {};
      name.v4.sin_family = AF_INET;
      name.v4.sin_port = htons(address.port);
      std::memcpy(&name.v4.sin_addr, address.ip.bytes.data(), sizeof(name.v4.sin_addr));
      return sizeof(name.v4);
    case IpAddress::Family::v6:
      name.v6 = {};
      name.v6.sin6_family = AF_INET6;
      name.v6.sin6_port = htons(address.port);
      name.v6.sin6_scope_id = address.scope;
      std::memcpy(&name.v6.sin6_addr, address.ip.bytes.data(), sizeof(name.v6.sin6_addr));
      return sizeof(name.v6);
    case IpAddress::Family::none:
      break;
  }
  return 0;
}

SocketAddress from_system(const sockaddr& name) {
  if (name.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &name, sizeof(v4));
    return {.ip = from_system(v4.sin_addr), .port = ntohs(v4.sin_port)};
  }
  if (name.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &name, sizeof(v6));
    return {.ip = from_system(v6.sin6_addr), .port = ntohs(v6.sin6_port), .scope = v6.sin6_scope_id};
  }
  return {};
}

IpAddress from_system(const in_addr& address) {
  IpAddress ip{.family = IpAddress::Family::v4};
  std::memcpy(ip.bytes.data(), &address, sizeof(address));
  return ip;
}

IpAddress from_system(const in6_addr& address) {
  IpAddress ip{.family = IpAddress::Family::v6};
  std::memcpy(ip.bytes.data(), &address, sizeof(address));
  return ip;
}

std::uint32_t ipv4_number(const sockaddr& name) {
  sockaddr_in v4;
  std::memcpy(&v4, &name, sizeof(v4));
  return ntohl(v4.sin_addr.s_addr);
}

}  // namespace softlan::platform
