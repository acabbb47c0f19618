#include "hostile/relay_world.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "hostile/words.h"

namespace softlan::hostile {

namespace {

using std::chrono::milliseconds;

const std::string kName = "lanparty-relay.local";
const SocketAddress kRelayAddress = address(1, 443);

quic::KeyedCertificate relay_certificate() {
  return quic::generate_relay_certificate({&kName, 1}, std::time(nullptr)).value();
}

}  // namespace

bool Wire::send(SendBatch& batch) {
  for (const SendBatch::Packet& packet : batch.packets()) {
    const Bytes data = batch.data(packet);
    packets.push_back({{data.begin(), data.end()}, packet.path});
  }
  batch.clear();
  return true;
}

SocketAddress address(std::uint8_t last, std::uint16_t port) {
  return {.ip = {.family = IpAddress::Family::v4, .bytes = {10, 0, 0, last}}, .port = port, .scope = 0};
}

RelayWorld::RelayWorld(const relay::RelayConfig& relay, const quic::EndpointConfig& endpoint)
    : certificate_(relay_certificate()),
      tls_(quic::TlsContext::for_relay(certificate_).value()),
      relay_(relay, door_, log_),
      endpoint_(endpoint, *tls_, pool_, random_, relay_, wire_) {}

RawPeer& RelayWorld::dial(RawConfig config) {
  if (!config.certificate) config.certificate = &identities_.emplace_back(quic::generate_identity().value());
  return peers_.emplace_back(now_, std::move(config), random_,
                             NetworkPath{.local = address(2, next_port_++), .remote = kRelayAddress});
}

RawPeer& RelayWorld::connect(RawConfig config) {
  RawPeer& peer = dial(std::move(config));
  run(milliseconds(10));
  EXPECT_TRUE(peer.is_up());
  return peer;
}

RawPeer& RelayWorld::join(std::uint8_t number, RawConfig config) {
  RawPeer& peer = connect(std::move(config));
  peer.say(ctrl::encode(hello(number)));
  run(milliseconds(10));
  EXPECT_EQ(all<ctrl::Welcome>(peer).size(), 1u);
  return peer;
}

void RelayWorld::forget(const RawPeer& peer) {
  peers_.remove_if([&](const RawPeer& other) { return &other == &peer; });
}

void RelayWorld::inject(Bytes packet) {
  const ReceivedPacket received{packet, {.local = kRelayAddress, .remote = address(9, 9)}, 0};
  endpoint_.on_packets(now_, {&received, 1});
  endpoint_.flush(now_);
}

void RelayWorld::run(Duration time) {
  const TimePoint end = now_ + time;
  while (now_ < end) turn();
}

void RelayWorld::run_out(const RawPeer& peer) {
  for (int turns = 0; turns < 20000 && peer.is_up() && !peer.is_idle(); ++turns) turn();
  run(milliseconds(20));
}

void RelayWorld::turn() {
  now_ += milliseconds(1);
  if (endpoint_.next_deadline() <= now_) endpoint_.on_deadline(now_);
  if (relay_.next_deadline() <= now_) relay_.on_deadline(now_);
  Packets to_relay;
  for (RawPeer& peer : peers_) peer.write(now_, to_relay);
  deliver(to_relay);
  endpoint_.flush(now_);
  for (const Packet& packet : std::exchange(wire_.packets, {})) {
    const auto to = std::ranges::find(peers_, packet.path.remote, [](const RawPeer& p) { return p.path().local; });
    if (to != peers_.end()) to->on_packet(now_, packet.data);
  }
}

// In batches, as a socket does.
void RelayWorld::deliver(const Packets& packets) {
  constexpr std::size_t kBatch = 64;
  std::vector<ReceivedPacket> batch;
  for (const Packet& packet : packets) {
    batch.push_back({packet.data, {.local = packet.path.remote, .remote = packet.path.local}, 0});
    if (batch.size() < kBatch) continue;
    endpoint_.on_packets(now_, batch);
    batch.clear();
  }
  if (!batch.empty()) endpoint_.on_packets(now_, batch);
}

const relay::Room* RelayWorld::room() const {
  const auto found = relay_.rooms().find("ROOM1");
  return found == relay_.rooms().end() ? nullptr : found->second.get();
}

const relay::Seat* RelayWorld::seat(std::uint8_t number) const {
  return room() ? room()->owner(proto::test::test_mac(number)) : nullptr;
}

bool RelayWorld::serves_newcomers() {
  constexpr std::uint8_t kNumber = 250;
  RawPeer& newcomer = dial();
  run(milliseconds(20));
  newcomer.say(ctrl::encode(hello(kNumber)));
  run(milliseconds(20));
  const bool served = all<ctrl::Welcome>(newcomer).size() == 1;
  newcomer.say(ctrl::encode(ctrl::Disconnect{}));
  run(milliseconds(20));
  forget(newcomer);
  return served;
}

}  // namespace softlan::hostile
