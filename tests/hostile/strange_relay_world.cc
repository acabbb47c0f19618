#include "hostile/strange_relay_world.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace softlan::hostile {

namespace {

using std::chrono::milliseconds;

const std::string kName = "lanparty-relay.local";

quic::KeyedCertificate relay_certificate() {
  return quic::generate_relay_certificate({&kName, 1}, std::time(nullptr)).value();
}

session::Member& choose(ctrl::Role role, client::Bridge& client, gateway::Bridge& gateway) {
  if (role == ctrl::Role::gateway) return gateway;
  return client;
}

}  // namespace

StrangeRelayWorld::StrangeRelayWorld(ctrl::Role role)
    : session_(session::test::config_of(role, Duration::zero()), *this, choose(role, client_, gateway_), listener_,
               random_, log_),
      certificate_(relay_certificate()),
      tls_(quic::TlsContext::for_member(quic::generate_identity().value(),
                                        {.ca = quic::certificate_to_der(certificate_.certificate_pem).value()})
               .value()) {
  client_.attach(session_);
  gateway_.attach(session_);
}

Result<link::Link*> StrangeRelayWorld::dial(TimePoint now, const SocketAddress& to) {
  Dial& dial = dials_.emplace_back();
  dial.endpoint = std::make_unique<quic::Endpoint>(quic::EndpointConfig{}, *tls_, pool_, random_, session_, dial.wire);
  return dial.endpoint->dial(now, {.local = address(2, next_port_++), .remote = to}, kName, quic::room_hash("ROOM1"));
}

RawPeer& StrangeRelayWorld::meet() {
  if (!std::exchange(started_, true)) session_.start(now_);
  for (int i = 0; i < 10000; ++i) {
    turn();
    if (dials_.empty() || !dials_.back().relay) continue;
    RawPeer& relay = *dials_.back().relay;
    if (relay.is_up() && !messages(relay).empty()) return relay;
  }
  ADD_FAILURE() << "the member does not come";
  std::abort();
}

RawPeer& StrangeRelayWorld::seat() {
  RawPeer& relay = meet();
  relay.say(ctrl::encode(session::test::welcome()));
  run(milliseconds(5));
  EXPECT_TRUE(session_.seated());
  return relay;
}

void StrangeRelayWorld::run(Duration time) {
  const TimePoint end = now_ + time;
  while (now_ < end) turn();
}

void StrangeRelayWorld::run_out(const RawPeer& relay) {
  const auto is_here = [&] {
    return std::ranges::any_of(dials_, [&](const Dial& d) { return d.relay.get() == &relay; });
  };
  for (int turns = 0; turns < 20000 && is_here() && relay.is_up() && !relay.is_idle(); ++turns) turn();
  run(milliseconds(5));
}

void StrangeRelayWorld::turn() {
  now_ += milliseconds(1);
  if (std::exchange(lookup_, false)) session_.on_resolved(now_, std::vector{address(1, 443)});
  if (session_.next_deadline() <= now_) session_.on_deadline(now_);
  if (client_.next_deadline() <= now_) client_.on_deadline(now_);
  if (gateway_.next_deadline() <= now_) gateway_.on_deadline(now_);
  for (Dial& dial : dials_) carry(dial);
  std::erase_if(dials_, [](const Dial& dial) { return dial.endpoint->connections() == 0; });
}

void StrangeRelayWorld::carry(Dial& dial) {
  if (dial.endpoint->next_deadline() <= now_) dial.endpoint->on_deadline(now_);
  dial.endpoint->flush(now_);
  for (const Packet& packet : std::exchange(dial.wire.packets, {})) {
    if (!dial.relay) {
      const NetworkPath path{.local = packet.path.remote, .remote = packet.path.local};
      dial.relay = std::make_unique<RawPeer>(now_, RawConfig{.certificate = &certificate_}, random_, path, packet.data);
    }
    dial.relay->on_packet(now_, packet.data);
  }
  if (dial.relay) answer_echoes(dial);
  Packets from_relay;
  if (dial.relay) dial.relay->write(now_, from_relay);
  for (const Packet& packet : from_relay) hand_over(dial, packet);
  dial.endpoint->flush(now_);
}

void StrangeRelayWorld::answer_echoes(Dial& dial) {
  while (dial.looked_at < dial.relay->datagrams().size()) {
    const proto::OverlayDatagram heard = proto::parse_overlay(dial.relay->datagrams()[dial.looked_at++]).datagram;
    const bool asks_relay =
        heard.header.kind == proto::OverlayKind::echo && !heard.echo.reply && heard.echo.target == kRelayPeer;
    if (asks_relay) dial.relay->send(echo_datagram({.target = PeerId{7}, .cookie = heard.echo.cookie, .reply = true}));
  }
}

void StrangeRelayWorld::hand_over(Dial& dial, const Packet& packet) {
  const ReceivedPacket received{packet.data, {.local = packet.path.remote, .remote = packet.path.local}, 0};
  dial.endpoint->on_packets(now_, {&received, 1});
}

void StrangeRelayWorld::inject(const Packet& packet) { hand_over(dials_.back(), packet); }

std::uint64_t StrangeRelayWorld::told_drops(const RawPeer& relay, std::string_view reason) {
  std::uint64_t count = 0;
  for (const ctrl::Stats& stats : all<ctrl::Stats>(relay)) {
    for (const auto& [name, drops] : stats.drops) {
      if (name == reason) count = drops;
    }
  }
  return count;
}

bool StrangeRelayWorld::comes_back() {
  seat();
  return session_.seated() && !listener_.ended;
}

}  // namespace softlan::hostile
