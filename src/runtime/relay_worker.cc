#include "runtime/relay_worker.h"

#include <utility>

#include "quic/connection_id.h"

namespace softlan::runtime {

namespace {

relay::Share share_of(std::size_t index, std::size_t workers, std::shared_ptr<relay::RoomCount> open_rooms) {
  return {
      .owns =
          [=](std::string_view code) { return quic::worker_of_room(code, static_cast<unsigned>(workers)) == index; },
      .open_rooms = std::move(open_rooms)};
}

}  // namespace

RelayWorker::Listener::Listener(RelayWorker& worker, std::size_t index, const quic::EndpointConfig& config,
                                platform::UdpSocket socket)
    : pump(worker.loop_, std::move(socket), worker.buffers_),
      endpoint(config, *worker.tls_, worker.pool_, worker.random_, worker.relay_, pump) {
  pump.start(endpoint, [&worker, index](auto packets) { return worker.sorter_.own(index, packets); });
}

RelayWorker::RelayWorker(std::size_t index, std::size_t workers, WorkersConfig config,
                         std::shared_ptr<relay::RoomCount> open_rooms, std::unique_ptr<quic::TlsContext> tls,
                         std::vector<platform::UdpSocket> sockets, const std::vector<Inbox*>& inboxes,
                         relay::Door& door, obs::Log& log)
    : pool_(config.max_frames),
      tls_(std::move(tls)),
      relay_(std::move(config.relay), door, log, share_of(index, workers, std::move(open_rooms))),
      sorter_(static_cast<std::uint8_t>(index), inboxes),
      inbox_(loop_, [this](TimePoint now, std::size_t listener, auto packets) {
        listeners_[listener]->endpoint.on_packets(now, packets);
      }) {
  config.endpoint.worker = static_cast<std::uint8_t>(index);
  config.endpoint.workers = static_cast<unsigned>(workers);
  if (config.priority) loop_.go_first();
  attach_core();
  for (platform::UdpSocket& socket : sockets) listen(config.endpoint, std::move(socket));
}

void RelayWorker::attach_core() {
  loop_.attach({.next_deadline = [this] { return relay_.next_deadline(); },
                .on_deadline = [this](TimePoint now) { relay_.on_deadline(now); },
                .flush = {}});
  loop_.attach({.next_deadline = [this] { return relay_.rooms().empty() ? kNever : sample_at_; },
                .on_deadline =
                    [this](TimePoint now) {
                      relay_.sample_rates(now);
                      sample_at_ = now + kRateInterval;
                    },
                .flush = {}});
}

void RelayWorker::listen(const quic::EndpointConfig& config, platform::UdpSocket socket) {
  listeners_.push_back(std::make_unique<Listener>(*this, listeners_.size(), config, std::move(socket)));
  quic::Endpoint& endpoint = listeners_.back()->endpoint;
  loop_.attach({.next_deadline = [&endpoint] { return endpoint.next_deadline(); },
                .on_deadline = [&endpoint](TimePoint now) { endpoint.on_deadline(now); },
                .flush = [&endpoint](TimePoint now) { endpoint.flush(now); }});
}

PacketCounters RelayWorker::packets() const {
  PacketCounters total{.strangers = {}, .handed_over = inbox_.taken(), .handovers_dropped = inbox_.dropped()};
  for (const auto& listener : listeners_) total.strangers += listener->endpoint.counters();
  return total;
}

}  // namespace softlan::runtime
