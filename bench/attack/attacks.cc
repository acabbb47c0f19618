#include "attack/attacks.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <list>
#include <utility>

#include "platform/linux/udp_socket.h"
#include "quic/endpoint.h"
#include "runtime/udp_pump.h"

namespace softlan::bench {

namespace {

using std::chrono::milliseconds;

constexpr int kJunkPerTurn = 100, kHandshakesPerTurn = 2, kJoins = 50;
constexpr Duration kTurn = milliseconds(10);
constexpr std::size_t kSockets = 400;  // that have been used and are still open

// Calls `work` every `interval`, for ever.
void every(runtime::Loop& loop, Duration interval, std::function<void(TimePoint)> work) {
  auto next = std::make_shared<TimePoint>(loop.now());
  loop.attach({.next_deadline = [next] { return *next; },
               .on_deadline =
                   [next, interval, work = std::move(work)](TimePoint now) {
                     *next += interval;
                     work(now);
                   },
               .flush = {}});
}

platform::UdpSocket socket_at_random_address(Random& random) {
  SocketAddress local;
  local.ip = {.family = IpAddress::Family::v4, .bytes = {127, 1}};
  random.fill({&local.ip.bytes[2], 1});
  local.ip.bytes[3] = static_cast<std::uint8_t>(1 + random.below(254));
  return std::move(platform::UdpSocket::bind(local).value());
}

std::vector<std::uint8_t> junk(Random& random) {
  std::vector<std::uint8_t> packet(1 + random.below(1472));
  random.fill(packet);
  const auto kind = random.below(3);
  if (kind == 0) packet[0] = static_cast<std::uint8_t>(0x40 | (packet[0] & 0x3f));
  if (kind != 1) return packet;
  packet.resize(1200);  // an Initial up to its protected part (RFC 9000, section 17.2.2)
  packet[0] = 0xc0;
  store_be32(&packet[1], 1);
  packet[5] = packet[14] = 8;
  packet[23] = 0;
  store_be16(&packet[24], static_cast<std::uint16_t>(0x4000 | (1200 - 26)));
  return packet;
}

void send_junk(test::Ground& ground, const SocketAddress& relay) {
  std::vector<std::vector<std::uint8_t>> packets(2000);
  for (auto& packet : packets) packet = junk(ground.random);
  std::vector<platform::UdpSocket> sockets;
  for (int i = 0; i < 8; ++i) sockets.push_back(socket_at_random_address(ground.random));
  SendBatch batch(kJunkPerTurn * 1472, kJunkPerTurn);
  std::size_t next = 0;
  every(ground.loop, kTurn, [&](TimePoint) {
    platform::UdpSocket& from = sockets[next / kJunkPerTurn % sockets.size()];
    for (int i = 0; i < kJunkPerTurn; ++i) {
      const auto& packet = packets[next++ % packets.size()];
      const MutableBytes room = batch.reserve(packet.size());
      std::ranges::copy(packet, room.begin());
      batch.commit(packet.size(), {from.local(), relay}, 0);
    }
    static_cast<void>(from.send(batch, 0));
    batch.clear();
  });
  ground.loop.run();
}

// Hangs up as soon as it is connected.
class HangsUp : public link::LinkOwner {
 public:
  void on_link_up(TimePoint, link::Link& link) override { link.close(link::CloseCode::leave, ""); }
  void on_link_down(TimePoint, link::Link&, const link::LinkEnd&) override {}
  void on_control(TimePoint, link::Link&, Bytes) override {}
  void on_received(TimePoint, std::span<link::Received>) override {}
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason) override {}
  void on_budget(TimePoint, link::Link&, std::size_t) override {}
};

struct Stranger : HangsUp {
  Stranger(test::Ground& ground, const quic::TlsContext& tls, platform::ReceiveBuffers& buffers,
           const SocketAddress& relay)
      : pump(ground.loop, socket_at_random_address(ground.random), buffers),
        endpoint({}, tls, ground.pool, ground.random, *this, pump) {
    pump.start(endpoint);
    endpoint.dial(ground.loop.now(), {pump.local(), relay}, test::kServerName, 0);
  }
  runtime::UdpPump pump;
  quic::Endpoint endpoint;
};

void finish_handshakes(test::Ground& ground, const quic::TlsContext& tls, const SocketAddress& relay) {
  platform::ReceiveBuffers buffers;
  std::list<Stranger> strangers;
  every(ground.loop, kTurn, [&](TimePoint) {
    for (int i = 0; i < kHandshakesPerTurn; ++i) strangers.emplace_back(ground, tls, buffers, relay);
  });
  ground.loop.attach({.next_deadline =
                          [&] {
                            TimePoint next = kNever;
                            for (const Stranger& one : strangers) next = std::min(next, one.endpoint.next_deadline());
                            return next;
                          },
                      .on_deadline =
                          [&](TimePoint now) {
                            for (Stranger& one : strangers) {
                              if (one.endpoint.next_deadline() <= now) one.endpoint.on_deadline(now);
                            }
                          },
                      .flush =
                          [&](TimePoint now) {
                            for (Stranger& one : strangers) one.endpoint.flush(now);
                            strangers.remove_if([](const Stranger& one) { return one.endpoint.connections() == 0; });
                          }});
  ground.loop.run();
}

// Sends from a socket whose answers nobody reads.
class DeafSender final : public PacketSender {
 public:
  explicit DeafSender(platform::UdpSocket& socket) : socket_(socket) {}
  bool send(SendBatch& batch) override {
    static_cast<void>(socket_.send(batch, 0));
    batch.clear();
    return true;
  }

 private:
  platform::UdpSocket& socket_;
};

void begin_handshakes(test::Ground& ground, const quic::TlsContext& tls, const SocketAddress& relay) {
  std::deque<platform::UdpSocket> sockets;
  HangsUp owner;
  every(ground.loop, kTurn, [&](TimePoint now) {
    for (int i = 0; i < kHandshakesPerTurn; ++i) {
      platform::UdpSocket& socket = sockets.emplace_back(socket_at_random_address(ground.random));
      DeafSender sender(socket);
      quic::Endpoint endpoint({}, tls, ground.pool, ground.random, owner, sender);
      endpoint.dial(now, {socket.local(), relay}, test::kServerName, 0);
      endpoint.flush(now);
    }
    while (sockets.size() > kSockets) sockets.pop_front();
  });
  ground.loop.run();
}

void join_together(test::Ground& ground) {
  constexpr Duration kStay = milliseconds(500);
  std::deque<test::BareMember> players;
  for (std::uint16_t i = 0; i < kJoins; ++i) {
    players.emplace_back(ground, member("CROWD", static_cast<std::uint16_t>(1000 + i)));
  }
  bool inside = false;
  every(ground.loop, kStay, [&](TimePoint now) {
    for (test::BareMember& player : players) inside ? player.leave(now) : player.join(now);
    inside = !inside;
  });
  ground.loop.run();
}

void sit_idle(test::Ground& ground) {
  constexpr std::uint16_t kMembers = 200, kRooms = 4;
  std::deque<test::BareMember> players;
  for (std::uint16_t i = 0; i < kMembers; ++i) {
    players.emplace_back(ground, member(fmt::format("IDLE{}", i % kRooms), static_cast<std::uint16_t>(2000 + i)));
  }
  ground.loop.turn([&](TimePoint now) {
    for (test::BareMember& player : players) player.join(now);
  });
  ground.loop.run();
}

}  // namespace

bool attack(const std::string& name, test::Ground& ground, const SocketAddress& relay) {
  const auto tls = quic::TlsContext::for_member(quic::generate_identity().value(), ground.trust).value();
  if (name == "junk") {
    send_junk(ground, relay);
  } else if (name == "half-open") {
    begin_handshakes(ground, *tls, relay);
  } else if (name == "handshakes") {
    finish_handshakes(ground, *tls, relay);
  } else if (name == "joins") {
    join_together(ground);
  } else if (name == "idle") {
    sit_idle(ground);
  } else {
    return false;
  }
  return true;
}

}  // namespace softlan::bench
