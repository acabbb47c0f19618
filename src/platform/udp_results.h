// What a turn of a UDP socket came to (udp_socket.h).
#pragma once

#include <cstddef>
#include <span>

#include "base/packet_batch.h"

namespace softlan::platform {

struct Receive {
  std::span<const ReceivedPacket> packets = {};  // valid until the buffers are used again
  bool more = false;                             // call again before waiting: there may be more
  bool unreachable = false;  // the remote host refused an earlier packet (ICMP); a hint, anyone can forge it
};

struct SendResult {
  std::size_t sent = 0;      // packets dealt with, counted from `from`; those the system refused are among them
  bool blocked = false;      // the rest has to wait until the socket is writable
  bool unreachable = false;  // as in Receive
};

}  // namespace softlan::platform
