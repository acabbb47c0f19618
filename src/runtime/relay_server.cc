#include "runtime/relay_server.h"

#include <utility>

namespace softlan::runtime {

RelayServer::Listener::Listener(RelayServer& server, const quic::TlsContext& tls, const quic::EndpointConfig& config,
                                FramePool& pool, Random& random, platform::UdpSocket socket)
    : pump(server.loop_, std::move(socket), server.buffers_), endpoint(config, tls, pool, random, server.relay_, pump) {
  pump.start(endpoint);
}

RelayServer::RelayServer(Loop& loop, relay::Relay& relay, const quic::TlsContext& tls,
                         const quic::EndpointConfig& config, FramePool& pool, Random& random, obs::Log& log,
                         std::vector<platform::UdpSocket> sockets)
    : loop_(loop), relay_(relay), strangers_(loop.now(), log) {
  loop_.attach({.next_deadline = [this] { return relay_.next_deadline(); },
                .on_deadline = [this](TimePoint now) { relay_.on_deadline(now); },
                .flush = {}});
  loop_.attach({.next_deadline = [this] { return strangers_.next_deadline(); },
                .on_deadline = [this](TimePoint now) { report(now); },
                .flush = {}});
  for (platform::UdpSocket& socket : sockets) {
    listeners_.push_back(std::make_unique<Listener>(*this, tls, config, pool, random, std::move(socket)));
    quic::Endpoint& endpoint = listeners_.back()->endpoint;
    loop_.attach({.next_deadline = [&endpoint] { return endpoint.next_deadline(); },
                  .on_deadline = [&endpoint](TimePoint now) { endpoint.on_deadline(now); },
                  .flush = [&endpoint](TimePoint now) { endpoint.flush(now); }});
  }
}

quic::EndpointCounters RelayServer::strangers() const {
  quic::EndpointCounters total;
  for (const auto& listener : listeners_) total += listener->endpoint.counters();
  return total;
}

void RelayServer::report(TimePoint now) {
  strangers_.write(now, strangers(), relay_.unseated().dropped(obs::DropReason::not_seated));
}

}  // namespace softlan::runtime
