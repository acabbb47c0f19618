// The sockets of a relay: for every address it listens on, one for each of its workers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "platform/linux/udp_socket.h"

namespace softlan::runtime {

enum class Steering : std::uint8_t {
  kernel,  // gives a worker its own packets, where it can
  none,    // workers hand over what is not theirs
};

struct WorkerSockets {
  std::vector<SocketAddress> addresses;
  std::vector<std::vector<platform::UdpSocket>> of_workers;  // each has one for each address, in that order
  std::string unsteered;                                     // why the kernel does not sort packets; empty when it does
};

// `places`: each one address, or several that stand for one (listen_address.h), of which those are opened that there
// are.
[[nodiscard]] Result<WorkerSockets> open_worker_sockets(std::span<const std::vector<SocketAddress>> places,
                                                        std::size_t workers, Steering steering = Steering::kernel);

}  // namespace softlan::runtime
