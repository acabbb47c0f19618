// One worker of a relay: the rooms whose code hashes to it, with all that serves them - a loop, sockets, QUIC
// endpoints, TLS, frames and a core. Nothing of it is anybody else's but the door, so frames take no lock
// (docs/adr/0008-*.md).
//
// It has a socket and an endpoint for every address the relay listens on. What its sockets get of other workers' goes
// to their inboxes (handover.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/frame_pool.h"
#include "obs/log.h"
#include "platform/linux/udp_socket.h"
#include "platform/system_random.h"
#include "quic/endpoint.h"
#include "quic/tls.h"
#include "relay/relay.h"
#include "runtime/handover.h"
#include "runtime/loop.h"
#include "runtime/relay_report.h"
#include "runtime/udp_pump.h"

namespace softlan::runtime {

// What all workers have in common.
struct WorkersConfig {
  relay::RelayConfig relay;
  quic::EndpointConfig endpoint;  // without the worker's index and their number, which are filled in
  std::size_t max_frames = 0;     // held by one worker; beyond it frames are dropped, not memory taken
  bool priority = true;           // workers go before the machine's other work
};

class RelayWorker {
 public:
  static constexpr Duration kRateInterval = std::chrono::seconds(1);

  // Number `index` of `workers`. `sockets`: in the same order for every worker. Borrows the rest; `inboxes` are all
  // workers', to be filled before loop() runs.
  RelayWorker(std::size_t index, std::size_t workers, WorkersConfig config,
              std::shared_ptr<relay::RoomCount> open_rooms, std::unique_ptr<quic::TlsContext> tls,
              std::vector<platform::UdpSocket> sockets, const std::vector<Inbox*>& inboxes, relay::Door& door,
              obs::Log& log);

  [[nodiscard]] Loop& loop() { return loop_; }
  [[nodiscard]] Inbox& inbox() { return inbox_; }
  // The rest only in turns of the loop.
  [[nodiscard]] relay::Relay& relay() { return relay_; }
  [[nodiscard]] quic::TlsContext& tls() { return *tls_; }
  [[nodiscard]] PacketCounters packets() const;

 private:
  struct Listener {
    Listener(RelayWorker& worker, std::size_t index, const quic::EndpointConfig& config, platform::UdpSocket socket);
    UdpPump pump;
    quic::Endpoint endpoint;
  };

  void attach_core();
  void listen(const quic::EndpointConfig& config, platform::UdpSocket socket);

  Loop loop_;
  FramePool pool_;
  platform::SystemRandom random_;
  std::unique_ptr<quic::TlsContext> tls_;
  relay::Relay relay_;
  TimePoint sample_at_{};  // rates
  Sorter sorter_;
  Inbox inbox_;
  platform::ReceiveBuffers buffers_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

}  // namespace softlan::runtime
