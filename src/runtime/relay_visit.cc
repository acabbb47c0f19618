#include "runtime/relay_visit.h"

#include <algorithm>
#include <asio/ip/udp.hpp>
#include <memory>
#include <utility>

#include "platform/udp_socket.h"
#include "quic/connection_id.h"
#include "quic/endpoint.h"
#include "runtime/loop.h"
#include "runtime/udp_pump.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMostAddresses = 4;
constexpr Duration kGoodbye = std::chrono::milliseconds(100);

// All addresses of a relay at once: what is not answered costs no time.
class RelayVisit {
 public:
  RelayVisit(const DialerConfig& where, doctor::Visitor visitor, const quic::TlsContext& tls, FramePool& pool,
             Random& random)
      : where_(where), tls_(tls), pool_(pool), random_(random), probe_(std::move(visitor), random) {}

  doctor::Visit run(const std::vector<SocketAddress>& addresses) {
    loop_.attach({.next_deadline = [this] { return next_deadline(); },
                  .on_deadline = [this](TimePoint now) { on_deadline(now); },
                  .flush = [this](TimePoint now) { flush(now); }});
    loop_.turn([&](TimePoint now) {
      for (const SocketAddress& address : addresses) dial(now, address);
    });
    if (probe_.next_deadline() != kNever) loop_.run();
    return probe_.visit();
  }

 private:
  struct Dial {
    Dial(RelayVisit& visit, platform::UdpSocket socket)
        : pump(visit.loop_, std::move(socket), visit.buffers_),
          endpoint(visit.where_.endpoint, visit.tls_, visit.pool_, visit.random_, visit.probe_, pump) {
      pump.start(endpoint);
    }
    UdpPump pump;
    quic::Endpoint endpoint;
  };

  void dial(TimePoint now, const SocketAddress& address) {
    auto socket = platform::UdpSocket::connect(address, platform::Route());
    if (!socket) return probe_.on_no_way(socket.error().message);
    auto& made = *dials_.emplace_back(std::make_unique<Dial>(*this, *std::move(socket)));
    link::Link* link =
        made.endpoint.dial(now, {made.pump.local(), address}, where_.server_name, quic::room_hash(where_.room));
    if (!link) return probe_.on_no_way("no memory for a connection");
    probe_.on_dialled(now, *link, address);
  }

  [[nodiscard]] TimePoint next_deadline() const {
    TimePoint next = probe_.next_deadline();
    for (const auto& dial : dials_) next = std::min(next, dial->endpoint.next_deadline());
    return next;
  }
  void on_deadline(TimePoint now) {
    for (const auto& dial : dials_)
      if (dial->endpoint.next_deadline() <= now) dial->endpoint.on_deadline(now);
    probe_.on_deadline(now);
  }
  void flush(TimePoint now) {
    for (const auto& dial : dials_) dial->endpoint.flush(now);
    if (probe_.over() && !std::exchange(leaving_, true)) loop_.after(kGoodbye, [this] { loop_.stop(); });
  }

  const DialerConfig& where_;
  const quic::TlsContext& tls_;
  FramePool& pool_;
  Random& random_;
  Loop loop_;
  platform::ReceiveBuffers buffers_;
  doctor::RelayProbe probe_;
  std::vector<std::unique_ptr<Dial>> dials_;
  bool leaving_ = false;
};

std::vector<SocketAddress> addresses_of(const HostPort& relay) {
  asio::io_context context;
  asio::ip::udp::resolver resolver(context);
  std::error_code fault;
  std::vector<SocketAddress> addresses;
  for (const auto& result : resolver.resolve(relay.host, std::to_string(relay.port), fault)) {
    if (addresses.size() < kMostAddresses) addresses.push_back(to_socket_address(result.endpoint()));
  }
  return addresses;
}

bool is_settled(const doctor::Visit& visit) {
  return !visit.reject || visit.reject->code != ctrl::RejectCode::room_not_open;
}

}  // namespace

void visit_relay(const DialerConfig& where, const std::vector<doctor::Visitor>& visitors, const quic::TlsContext& tls,
                 FramePool& pool, Random& random, doctor::Relay& relay) {
  const std::vector<SocketAddress> addresses = addresses_of(where.relay);
  relay.found = !addresses.empty();
  if (!relay.found) return;
  for (const doctor::Visitor& visitor : visitors) {
    relay.visits.push_back(RelayVisit(where, visitor, tls, pool, random).run(addresses));
    if (is_settled(relay.visits.back())) return;
  }
}

}  // namespace softlan::runtime
