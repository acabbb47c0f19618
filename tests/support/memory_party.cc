#include "support/memory_party.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

#include "quic/certificate.h"

namespace softlan::test {

namespace {

constexpr std::uint16_t kRelayPort = 443;
constexpr std::uint16_t kFirstMemberPort = 2000;
const std::string kRelayName = "lanparty-relay.local";
const std::string kRoom = "ROOM1";

constexpr Duration kHalfTurn = std::chrono::microseconds(100);  // a leg's round trip is 400 us
// Between two flushes of one member: a batch of them is still no queue that anybody would see.
constexpr Duration kFlush = std::chrono::microseconds(1);
constexpr Duration kConnecting = std::chrono::seconds(10);  // newcomers are let in some at a time
constexpr Duration kProbing = std::chrono::seconds(3);
constexpr std::size_t kPoolFrames = 1 << 17;

SocketAddress at_port(std::uint16_t port) {
  return {.ip = {.family = IpAddress::Family::v4, .bytes = {10, 0, 0, 1}}, .port = port, .scope = 0};
}

quic::KeyedCertificate relay_certificate() {
  return quic::generate_relay_certificate({&kRelayName, 1}, std::time(nullptr)).value();
}

}  // namespace

void Inbox::add(Bytes data, const SendBatch::Packet& packet) {
  sent_.push_back({bytes_.size(), data.size(), packet.path, packet.ecn});
  bytes_.insert(bytes_.end(), data.begin(), data.end());
}

std::span<const ReceivedPacket> Inbox::packets() {
  packets_.clear();
  for (const SendBatch::Packet& packet : sent_) {
    packets_.push_back({Bytes(bytes_).subspan(packet.offset, packet.size),
                        {.local = packet.path.remote, .remote = packet.path.local},
                        packet.ecn});
  }
  return packets_;
}

void Inbox::clear() {
  bytes_.clear();
  sent_.clear();
}

bool MemorySender::send(SendBatch& batch) {
  for (auto left = batch.packets(); !left.empty(); left = left.subspan(run_length(left))) ++messages_;
  for (const SendBatch::Packet& packet : batch.packets()) {
    const std::size_t index = static_cast<std::size_t>(packet.path.remote.port - first_port_);
    inboxes_[index].add(batch.data(packet), packet);
  }
  batch.clear();
  return true;
}

MemoryMember::MemoryMember(proto::Mac mac, Bytes relay_certificate, FramePool& pool, Random& random,
                           PacketSender& sender)
    : mac_(mac),
      tls_(quic::TlsContext::for_member(quic::generate_identity().value(),
                                        {.ca = {relay_certificate.begin(), relay_certificate.end()}})
               .value()),
      endpoint_(quic::EndpointConfig{}, *tls_, pool, random, *this, sender) {}

void MemoryMember::on_link_up(TimePoint, link::Link& link) {
  link_ = &link;
  ctrl::Hello hello;
  hello.room = kRoom;
  hello.mac = mac_;
  hello.software = "test";
  hello.budget = static_cast<std::uint32_t>(link.stats().budget);
  static_cast<void>(link.send_control(ctrl::encode(hello)));
}

void MemoryMember::on_control(TimePoint, link::Link&, Bytes bytes) {
  framer_.append(bytes);
  for (auto json = framer_.next(); json && *json; json = framer_.next()) {
    const auto message = ctrl::decode(**json);
    if (message && std::holds_alternative<ctrl::Welcome>(*message)) welcome_ = true;
  }
}

MemoryParty::MemoryParty(link::LinkOwner& relay, std::size_t members)
    : relay_pool_(kPoolFrames),
      member_pool_(kPoolFrames),
      certificate_(relay_certificate()),
      relay_tls_(quic::TlsContext::for_relay(certificate_).value()),
      member_inboxes_(members),
      to_relay_({&relay_inbox_, 1}, kRelayPort),
      to_members_(member_inboxes_, kFirstMemberPort),
      relay_endpoint_(quic::EndpointConfig{}, *relay_tls_, relay_pool_, random_, relay, to_members_) {
  const std::vector<std::uint8_t> trusted = quic::certificate_to_der(certificate_.certificate_pem).value();
  for (std::size_t i = 0; i < members; ++i) {
    const proto::Mac mac{{0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(i + 1)}};
    members_.push_back(std::make_unique<MemoryMember>(mac, trusted, member_pool_, random_, to_relay_));
    const NetworkPath path{.local = at_port(static_cast<std::uint16_t>(kFirstMemberPort + i)),
                           .remote = at_port(kRelayPort)};
    members_.back()->endpoint().dial(now_, path, kRelayName, quic::room_hash(kRoom));
  }
}

bool MemoryParty::settle() {
  const auto connected = [&] { return std::ranges::all_of(members_, [](const auto& one) { return one->link(); }); };
  const TimePoint give_up = now_ + kConnecting;
  while (!connected() && now_ < give_up) {
    members_turn();
    relay_turn();
  }
  const TimePoint end = now_ + kProbing;
  while (now_ < end) {
    members_turn();
    relay_turn();
  }
  return connected();
}

void MemoryParty::send(std::size_t member, Bytes frame) {
  members_[member]->link()->send_frame(now_, kRelayPeer, member_pool_.copy(frame));
}

void MemoryParty::flush(std::size_t member) {
  now_ += kFlush;
  members_[member]->endpoint().flush(now_);
}

void MemoryParty::members_turn() {
  now_ += kHalfTurn;
  for (std::size_t i = 0; i < members_.size(); ++i) read(members_[i]->endpoint(), member_inboxes_[i]);
  now_ += kHalfTurn;
  for (const auto& member : members_) write_rest(member->endpoint());
}

void MemoryParty::relay_turn() {
  now_ += kHalfTurn;
  read(relay_endpoint_, relay_inbox_);
  now_ += kHalfTurn;
  write_rest(relay_endpoint_);
}

void MemoryParty::read(quic::Endpoint& endpoint, Inbox& inbox) {
  if (const auto packets = inbox.packets(); !packets.empty()) endpoint.on_packets(now_, packets);
  inbox.clear();
  endpoint.flush(now_);
}

// What pacing held back, and timers.
void MemoryParty::write_rest(quic::Endpoint& endpoint) {
  if (endpoint.next_deadline() > now_) return;
  endpoint.on_deadline(now_);
  endpoint.flush(now_);
}

}  // namespace softlan::test
