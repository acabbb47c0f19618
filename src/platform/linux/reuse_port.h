// Several UDP sockets at one address, one for each worker of a relay, and which of them gets a packet (SO_REUSEPORT in
// socket(7), Linux 4.5 for the choice).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "platform/linux/udp_socket.h"

namespace softlan::platform {

// `count` (at least 1) sockets at `local`, all at the same port when the kernel chooses it (port 0). A port that
// another program has is an error, also when it would share it. Until packets are steered, the kernel chooses a socket
// by the addresses of a packet.
[[nodiscard]] Result<std::vector<UdpSocket>> bind_together(const SocketAddress& local, std::size_t count);

// From now on the kernel gives a QUIC packet to socket number
//
//   long header (RFC 8999), 16-byte destination id    the id's first two bytes, big-endian, modulo the sockets
//   long header, any other id                         the id's first byte, likewise
//   short header                                      the byte after the first, which begins the id, likewise
//   too short for that                                0
//
// of `group`, which bind_together() made. No privilege is needed, but not every kernel does it.
[[nodiscard]] Result<void> steer_by_connection_id(std::span<const UdpSocket> group);

}  // namespace softlan::platform
