#include "quic/socket_address.h"

#include <algorithm>
#include <cstring>

namespace softlan::quic {

namespace {

void fill(ngtcp2_addr& out, ngtcp2_sockaddr_union& storage, const SocketAddress& address) {
  out.addr = &storage.sa;
  std::uint8_t port[2];
  port[0] = static_cast<std::uint8_t>(address.port >> 8);
  port[1] = static_cast<std::uint8_t>(address.port);
  if (address.ip.family == IpAddress::Family::v6) {
    storage.in6 = {};
    storage.in6.sin6_family = NGTCP2_AF_INET6;
    std::memcpy(&storage.in6.sin6_port, port, sizeof port);
    std::memcpy(&storage.in6.sin6_addr, address.ip.bytes.data(), 16);
    storage.in6.sin6_scope_id = address.scope;
    out.addrlen = sizeof storage.in6;
  } else {
    storage.in = {};
    storage.in.sin_family = NGTCP2_AF_INET;
    std::memcpy(&storage.in.sin_port, port, sizeof port);
    std::memcpy(&storage.in.sin_addr, address.ip.bytes.data(), 4);
    out.addrlen = sizeof storage.in;
  }
}

SocketAddress to_socket_address(const ngtcp2_addr& from) {
  SocketAddress address;
  std::uint8_t port[2];
  if (from.addr->sa_family == NGTCP2_AF_INET6) {
    const auto* in6 = reinterpret_cast<const ngtcp2_sockaddr_in6*>(from.addr);
    address.ip.family = IpAddress::Family::v6;
    std::memcpy(address.ip.bytes.data(), &in6->sin6_addr, 16);
    std::memcpy(port, &in6->sin6_port, sizeof port);
    address.scope = in6->sin6_scope_id;
  } else {
    const auto* in = reinterpret_cast<const ngtcp2_sockaddr_in*>(from.addr);
    address.ip.family = IpAddress::Family::v4;
    std::memcpy(address.ip.bytes.data(), &in->sin_addr, 4);
    std::memcpy(port, &in->sin_port, sizeof port);
  }
  address.port = static_cast<std::uint16_t>((port[0] << 8) | port[1]);
  return address;
}

}  // namespace

QuicPath::QuicPath(const NetworkPath& path) {
  ngtcp2_path_storage_zero(&storage_);
  fill(storage_.path.local, storage_.local_addrbuf, path.local);
  fill(storage_.path.remote, storage_.remote_addrbuf, path.remote);
}

NetworkPath to_network_path(const ngtcp2_path& path) {
  return {to_socket_address(path.local), to_socket_address(path.remote)};
}

}  // namespace softlan::quic
