#include "runtime/dialer.h"

#include <algorithm>
#include <utility>

namespace softlan::runtime {

SocketAddress to_socket_address(const asio::ip::udp::endpoint& endpoint) {
  SocketAddress address;
  address.port = endpoint.port();
  if (endpoint.address().is_v4()) {
    address.ip.family = IpAddress::Family::v4;
    std::ranges::copy(endpoint.address().to_v4().to_bytes(), address.ip.bytes.begin());
  } else {
    address.ip.family = IpAddress::Family::v6;
    std::ranges::copy(endpoint.address().to_v6().to_bytes(), address.ip.bytes.begin());
    address.scope = static_cast<std::uint32_t>(endpoint.address().to_v6().scope_id());
  }
  return address;
}

Dialer::Dial::Dial(Dialer& dialer, const SocketAddress& to, platform::Route way, platform::UdpSocket socket)
    : remote(to),
      route(std::move(way)),
      pump(dialer.loop_, std::move(socket), dialer.buffers_),
      endpoint(dialer.config_.endpoint, dialer.tls_, dialer.pool_, dialer.random_, *dialer.session_, pump) {
  pump.start(endpoint);
}

Dialer::Dialer(DialerConfig config, Loop& loop, const quic::TlsContext& tls, FramePool& pool, Random& random,
               obs::Log& log)
    : config_(std::move(config)),
      loop_(loop),
      tls_(tls),
      pool_(pool),
      random_(random),
      log_(log),
      resolver_(loop.context()) {}

void Dialer::attach(session::Session& session) {
  session_ = &session;
  loop_.attach({.next_deadline = [this] { return next_deadline(); },
                .on_deadline = [this](TimePoint now) { on_deadline(now); },
                .flush = [this](TimePoint now) { flush(now); }});
  watch_routes();
}

void Dialer::watch_routes() {
  auto started = RouteWatch::start(loop_, [this](TimePoint now) {
    for (const auto& dial : dials_) follow_route(now, *dial);
  });
  if (!started) {
    log_.warn("routes are not watched; after a change of network the connection is made anew",
              {{"reason", started.error().message}});
    return;
  }
  routes_ = *std::move(started);
}

void Dialer::follow_route(TimePoint now, Dial& dial) {
  const auto route = platform::best_route(dial.remote.ip, config_.ignore_interface);
  // No way at all: the old one may come back.
  if (!route || (route->index == dial.route.index && route->source == dial.route.source)) return;
  auto socket = open_socket(dial.remote, *route);
  if (!socket) return;
  log_.info("the way to the relay has changed",
            {{"interface", route->interface_name}, {"from", to_string(socket->local())}});
  dial.route = *route;
  dial.pump.replace(now, std::move(*socket));
}

Result<platform::UdpSocket> Dialer::open_socket(const SocketAddress& remote, const platform::Route& route) const {
  return platform::UdpSocket::connect(remote, config_.bind_to_device ? route : platform::Route());
}

void Dialer::resolve() {
  resolver_.async_resolve(config_.relay.host, std::to_string(config_.relay.port),
                          [this](std::error_code error, const asio::ip::udp::resolver::results_type& results) {
                            if (error == asio::error::operation_aborted) return;
                            loop_.turn([&](TimePoint now) {
                              if (error) return session_->on_resolved(now, fail("{}", error.message()));
                              std::vector<SocketAddress> addresses;
                              for (const auto& result : results) {
                                addresses.push_back(to_socket_address(result.endpoint()));
                              }
                              if (config_.on_addresses) config_.on_addresses(now, addresses);
                              session_->on_resolved(now, std::move(addresses));
                            });
                          });
}

Result<link::Link*> Dialer::dial(TimePoint now, const SocketAddress& address) {
  auto route = platform::best_route(address.ip, config_.ignore_interface);
  if (!route) return std::unexpected(route.error());
  auto socket = open_socket(address, *route);
  if (!socket) return std::unexpected(socket.error());
  log_.debug("dialling", {{"address", to_string(address)}, {"interface", route->interface_name}});
  dials_.push_back(std::make_unique<Dial>(*this, address, std::move(*route), std::move(*socket)));
  Dial& dial = *dials_.back();
  link::Link* link =
      dial.endpoint.dial(now, {dial.pump.local(), address}, config_.server_name, quic::room_hash(config_.room));
  if (!link) return fail("no memory for a connection");
  return link;
}

TimePoint Dialer::next_deadline() const {
  TimePoint earliest = kNever;
  for (const auto& dial : dials_) earliest = std::min(earliest, dial->endpoint.next_deadline());
  return earliest;
}

void Dialer::on_deadline(TimePoint now) {
  // The session may dial from here, which appends.
  for (std::size_t i = 0; i < dials_.size(); ++i) {
    if (dials_[i]->endpoint.next_deadline() <= now) dials_[i]->endpoint.on_deadline(now);
  }
}

void Dialer::flush(TimePoint now) {
  for (std::size_t i = 0; i < dials_.size(); ++i) dials_[i]->endpoint.flush(now);
  std::erase_if(dials_, [](const auto& dial) { return dial->endpoint.connections() == 0; });
}

}  // namespace softlan::runtime
