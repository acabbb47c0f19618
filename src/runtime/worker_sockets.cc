#include "runtime/worker_sockets.h"

#include <utility>

#include "platform/linux/reuse_port.h"

namespace softlan::runtime {

namespace {

Result<void> add(const SocketAddress& address, Steering steering, WorkerSockets& sockets) {
  auto group = platform::bind_together(address, sockets.of_workers.size());
  if (!group) return std::unexpected(group.error());
  if (steering == Steering::kernel) {
    if (const auto steered = platform::steer_by_connection_id(*group); !steered)
      sockets.unsteered = steered.error().message;
  }
  sockets.addresses.push_back(group->front().local());
  for (std::size_t worker = 0; worker < group->size(); ++worker) {
    sockets.of_workers[worker].push_back(std::move((*group)[worker]));
  }
  return {};
}

Result<void> add_all(const std::vector<SocketAddress>& addresses, Steering steering, WorkerSockets& sockets) {
  const std::size_t before = sockets.addresses.size();
  Error last;
  for (const SocketAddress& address : addresses) {
    if (auto added = add(address, steering, sockets); !added) last = added.error();
  }
  if (sockets.addresses.size() == before) return std::unexpected(last);
  return {};
}

}  // namespace

Result<WorkerSockets> open_worker_sockets(std::span<const std::vector<SocketAddress>> places, std::size_t workers,
                                          Steering steering) {
  WorkerSockets sockets;
  sockets.of_workers.resize(workers);
  for (const auto& addresses : places) {
    if (auto added = add_all(addresses, steering, sockets); !added) return std::unexpected(added.error());
  }
  return sockets;
}

}  // namespace softlan::runtime
