#include "quic/endpoint.h"

#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace softlan::quic {

namespace {

constexpr std::size_t kBatchPackets = 256;  // several of the longest messages; 0.4 MB
// Stateless resets a second, and as many version negotiations: enough to tell a returned room, too few to be worth
// provoking.
constexpr double kAnswersPerSecond = 200;
// As many may come at once, or in a second: the whole of a large party. More look like an attack.
constexpr double kNewcomersPerSecond = 100;

// RFC 8999, section 5.
bool is_long_header(std::uint8_t first_byte) { return (first_byte & 0x80) != 0; }

}  // namespace

EndpointCounters& EndpointCounters::operator+=(const EndpointCounters& other) {
  packets += other.packets;
  junk_packets += other.junk_packets;
  unknown_connections += other.unknown_connections;
  version_negotiations += other.version_negotiations;
  stateless_resets += other.stateless_resets;
  refused_connections += other.refused_connections;
  failed_handshakes += other.failed_handshakes;
  retries += other.retries;
  bad_tokens += other.bad_tokens;
  handshakes_delayed += other.handshakes_delayed;
  return *this;
}

Endpoint::Endpoint(EndpointConfig config, const TlsContext& tls, FramePool& pool, Random& random,
                   link::LinkOwner& owner, PacketSender& sender)
    : config_(config),
      tls_(tls),
      pool_(pool),
      random_(random),
      owner_(owner),
      sender_(sender),
      by_id_(64, IdHash{random.next_u64()}),
      batch_(kBatchPackets * config.max_udp_payload, kBatchPackets),
      resets_(kAnswersPerSecond, kAnswersPerSecond),
      negotiations_(kAnswersPerSecond, kAnswersPerSecond),
      newcomers_(kNewcomersPerSecond, kNewcomersPerSecond),
      retry_(random) {}

Endpoint::~Endpoint() = default;

std::size_t Endpoint::IdHash::operator()(const ConnectionId& id) const {
  std::uint64_t hash = secret + id.size;
  for (std::size_t at = 0; at < id.size; at += 8) {
    hash ^= load_be64(&id.bytes[std::min(at, kMaxIdSize - 8)]);
    hash *= 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return hash;
}

ConnectionId Endpoint::new_id() {
  for (;;) {
    const ConnectionId id =
        tls_.side() == Side::relay ? make_relay_id(config_.worker, random_) : make_member_id(random_);
    if (!by_id_.contains(id)) return id;
  }
}

void Endpoint::add_id(const ConnectionId& id, Connection& connection) {
  by_id_[id] = &connection;
  connection.ids.push_back(id);
}

void Endpoint::remove_id(const ConnectionId& id) {
  last_owner_ = nullptr;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  std::erase(found->second->ids, id);
  by_id_.erase(found);
}

void Endpoint::wants_turn(Connection& connection) {
  if (std::exchange(connection.has_turn, true)) return;
  turn_.push_back(&connection);
}

Connection* Endpoint::adopt(std::unique_ptr<Connection> connection) {
  connection->slot = connections_.size();
  connections_.push_back(std::move(connection));
  wants_turn(*connections_.back());
  return connections_.back().get();
}

link::Link* Endpoint::dial(TimePoint now, const NetworkPath& path, const std::string& server_name,
                           std::uint16_t room_hash) {
  auto connection = std::make_unique<Connection>(*this, tls_, server_name);
  if (!connection->dial(now, path, room_hash)) return nullptr;
  return adopt(std::move(connection));
}

void Endpoint::on_packets(TimePoint now, std::span<const ReceivedPacket> packets) {
  for (const ReceivedPacket& packet : packets) {
    ++counters_.packets;
    Connection* connection = same_as_last(packet);
    if (!connection) connection = route(now, packet);
    if (connection) connection->on_packet(now, packet);
  }
  if (!waiting_.empty()) next_handshake_ = now + Duration(1);
  deliver(now);
}

Connection* Endpoint::same_as_last(const ReceivedPacket& packet) const {
  const Bytes id = last_id_.view();
  const bool is_same = last_owner_ && packet.data.size() > id.size() && !is_long_header(packet.data[0]) &&
                       std::equal(id.begin(), id.end(), packet.data.begin() + 1);
  return is_same ? last_owner_ : nullptr;
}

Connection* Endpoint::route(TimePoint now, const ReceivedPacket& packet) {
  const std::size_t own_id_size = tls_.side() == Side::relay ? kRelayIdSize : kMemberIdSize;
  ngtcp2_version_cid header;
  const int rv = packet.data.empty()  // which the library asserts that it is not
                     ? NGTCP2_ERR_INVALID_ARGUMENT
                     : ngtcp2_pkt_decode_version_cid(&header, packet.data.data(), packet.data.size(), own_id_size);
  if (rv == NGTCP2_ERR_VERSION_NEGOTIATION) {
    answer_version(now, packet, header);
    return nullptr;
  }
  if (rv != 0 || header.dcidlen > kMaxIdSize) {
    ++counters_.junk_packets;
    return nullptr;
  }
  const auto known = by_id_.find(ConnectionId::from({header.dcid, header.dcidlen}));
  const bool is_member = tls_.side() == Side::member;
  if (known != by_id_.end()) {
    if (is_member || known->second->state() != Connection::State::handshaking) {
      last_id_ = known->first;
      last_owner_ = header.version == 0 ? known->second : nullptr;
      return known->second;
    }
    wait(now, packet, std::nullopt);
    return nullptr;
  }
  // A member's socket is connected to its relay, so a packet for an id it does not know may be a stateless reset.
  if (is_member) return connections_.size() == 1 ? connections_.front().get() : nullptr;
  if (header.version != 0) {
    on_initial(now, packet);
  } else {
    ++counters_.unknown_connections;
    answer_reset(now, packet, header);
  }
  return nullptr;
}

void Endpoint::deliver(TimePoint now) {
  for (std::size_t i = 0; i < turn_.size(); ++i) turn_[i]->deliver(now, owner_);
  for (const BadDatagram& bad : bad_) {
    if (bad.connection->owner_knows()) owner_.on_bad_datagram(now, *bad.connection, bad.reason);
  }
  bad_.clear();
  if (received_.empty()) return;
  delivering_.swap(received_);
  owner_.on_received(now, delivering_);
  delivering_.clear();
}

void Endpoint::on_deadline(TimePoint now) {
  while (deadlines_.next() <= now) {
    Connection& connection = *deadlines_.first();
    deadlines_.remove(connection);
    connection.on_deadline(now);
  }
  if (next_handshake_ <= now) read_waiting(now);
  deliver(now);
}

void Endpoint::on_unreachable(TimePoint now) {
  for (const auto& connection : connections_) connection->on_unreachable(now);
}

void Endpoint::on_new_local(TimePoint now, const SocketAddress& local) {
  for (const auto& connection : connections_) connection->migrate(now, local);
}

void Endpoint::on_writable(TimePoint now) {
  blocked_ = false;
  flush(now);
}

void Endpoint::flush(TimePoint now) {
  // What the owner is told at the end of a connection may give others something to write: a few rounds settle it.
  constexpr int kMaxRounds = 4;
  for (int round = 0; round < kMaxRounds; ++round) {
    if (blocked_ || !write_all(now)) return;
    reap(now);
    if (turn_.empty()) return;
  }
}

bool Endpoint::write_all(TimePoint now) {
  for (std::size_t i = 0; i < turn_.size(); ++i) {
    Connection& connection = *turn_[i];
    while (!connection.write(now, batch_)) {
      if (!send_batch()) return false;
    }
    deadlines_.set(connection, connection.next_deadline());
  }
  return send_batch();
}

bool Endpoint::send_batch() {
  if (batch_.empty()) return true;
  blocked_ = !sender_.send(batch_);
  return !blocked_;
}

void Endpoint::reap(TimePoint now) {
  ending_.swap(turn_);
  for (Connection* connection : ending_) connection->has_turn = false;
  for (Connection* connection : ending_) {
    if (connection->state() != Connection::State::dead) continue;
    if (connection->end() && !connection->owner_knows()) ++counters_.failed_handshakes;
    if (connection->end()) owner_.on_link_down(now, *connection, *connection->end());
    destroy(*connection);
  }
  ending_.clear();
}

void Endpoint::destroy(Connection& connection) {
  deadlines_.remove(connection);
  no_longer_half_open(connection);
  for (const ConnectionId& id : connection.ids) by_id_.erase(id);
  last_owner_ = nullptr;
  const std::size_t slot = connection.slot;
  std::swap(connections_[slot], connections_.back());
  connections_[slot]->slot = slot;
  connections_.pop_back();
}

}  // namespace softlan::quic
