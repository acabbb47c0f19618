// What a session needs of the world: names looked up, and a UDP socket with a QUIC endpoint for every dial.
//
// Each dial has a connected socket of its own, so that the system reports a relay that is not there. The socket is
// bound to the interface that leads to the relay, leaving out the TAP: the tunnel's own packets cannot enter the
// tunnel, and no routing table is changed. When the machine's way to the relay changes (another interface, another
// address) the socket is replaced and QUIC migrates: the seat does not notice.
#pragma once

#include <asio/ip/udp.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/frame_pool.h"
#include "base/random.h"
#include "obs/log.h"
#include "platform/routes.h"
#include "platform/udp_socket.h"
#include "quic/endpoint.h"
#include "quic/tls.h"
#include "runtime/loop.h"
#include "runtime/route_watch.h"
#include "runtime/udp_pump.h"
#include "session/session.h"

namespace softlan::runtime {

struct DialerConfig {
  HostPort relay;
  std::string server_name;
  std::string room;          // canonical
  int ignore_interface = 0;  // index of the TAP
  bool bind_to_device = false;
  // Hears where the relay may be dialled, before it is; may be empty.
  std::function<void(TimePoint, std::span<const SocketAddress>)> on_addresses;
  quic::EndpointConfig endpoint;
};

[[nodiscard]] SocketAddress to_socket_address(const asio::ip::udp::endpoint& endpoint);

class Dialer final : public session::Surroundings {
 public:
  // Borrowed, all of them.
  Dialer(DialerConfig config, Loop& loop, const quic::TlsContext& tls, FramePool& pool, Random& random, obs::Log& log);

  void attach(session::Session& session);
  // Connections that still have something to say.
  [[nodiscard]] bool idle() const { return dials_.empty(); }

  // session::Surroundings
  void resolve() override;
  Result<link::Link*> dial(TimePoint now, const SocketAddress& address) override;

 private:
  struct Dial {
    Dial(Dialer& dialer, const SocketAddress& remote, platform::Route route, platform::UdpSocket socket);
    SocketAddress remote;
    platform::Route route;
    UdpPump pump;
    quic::Endpoint endpoint;
  };

  [[nodiscard]] Result<platform::UdpSocket> open_socket(const SocketAddress& remote,
                                                        const platform::Route& route) const;
  void watch_routes();
  void follow_route(TimePoint now, Dial& dial);
  [[nodiscard]] TimePoint next_deadline() const;
  void on_deadline(TimePoint now);
  void flush(TimePoint now);

  DialerConfig config_;
  Loop& loop_;
  const quic::TlsContext& tls_;
  FramePool& pool_;
  Random& random_;
  obs::Log& log_;
  session::Session* session_ = nullptr;
  asio::ip::udp::resolver resolver_;
  platform::ReceiveBuffers buffers_;
  std::vector<std::unique_ptr<Dial>> dials_;
  std::unique_ptr<RouteWatch> routes_;
};

}  // namespace softlan::runtime
