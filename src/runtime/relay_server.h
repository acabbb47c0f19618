// The relay as a server: one UDP socket and QUIC endpoint for every address it listens on, one core behind them all.
#pragma once

#include <memory>
#include <vector>

#include "base/frame_pool.h"
#include "base/random.h"
#include "obs/log.h"
#include "platform/linux/udp_socket.h"
#include "quic/endpoint.h"
#include "quic/tls.h"
#include "relay/relay.h"
#include "runtime/loop.h"
#include "runtime/strangers_report.h"
#include "runtime/udp_pump.h"

namespace softlan::runtime {

class RelayServer {
 public:
  // Borrowed, all but the sockets.
  RelayServer(Loop& loop, relay::Relay& relay, const quic::TlsContext& tls, const quic::EndpointConfig& config,
              FramePool& pool, Random& random, obs::Log& log, std::vector<platform::UdpSocket> sockets);

  // What came from nobody we know, on all addresses.
  [[nodiscard]] quic::EndpointCounters strangers() const;

 private:
  struct Listener {
    Listener(RelayServer& server, const quic::TlsContext& tls, const quic::EndpointConfig& config, FramePool& pool,
             Random& random, platform::UdpSocket socket);
    UdpPump pump;
    quic::Endpoint endpoint;
  };

  void report(TimePoint now);

  Loop& loop_;
  relay::Relay& relay_;
  StrangersReport strangers_;
  platform::ReceiveBuffers buffers_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

}  // namespace softlan::runtime
