// Endpoint, a relay's side: newcomers and their handshakes, and what is answered to packets of nobody.
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <utility>

#include "quic/endpoint.h"

namespace softlan::quic {

namespace {
// RFC 9000, section 10.3: shorter packets are not answered, and the answer is shorter than the packet.
constexpr std::size_t kShortestAnsweredPacket = 43;
}  // namespace

void Endpoint::on_initial(TimePoint now, const ReceivedPacket& packet) {
  ngtcp2_pkt_hd initial;
  if (ngtcp2_accept(&initial, packet.data.data(), packet.data.size()) != 0) {
    ++counters_.junk_packets;
    return;
  }
  if (initial.tokenlen > 0) {
    if (const auto original = retry_.verify(now, packet.path, initial)) return wait(now, packet, original);
    ++counters_.bad_tokens;
  } else if (half_open_.size() + waiting_.size() >= config_.retry_threshold || !newcomers_.take(now)) {
    answer_retry(now, packet, initial);
  } else {
    wait(now, packet, std::nullopt);
  }
}

void Endpoint::wait(TimePoint now, const ReceivedPacket& packet, const std::optional<ConnectionId>& original) {
  if (waiting_.size() == kMaxWaiting) {
    ++counters_.handshakes_delayed;
    return;
  }
  waiting_.push_back({{packet.data.begin(), packet.data.end()}, packet.path, packet.ecn, original});
  next_handshake_ = now + Duration(1);
}

void Endpoint::read_waiting(TimePoint now) {
  const Waiting packet = std::exchange(waiting_.front(), {});
  waiting_.pop_front();
  next_handshake_ = waiting_.empty() ? kNever : now + Duration(1);
  Connection* connection = owner_of(now, packet);
  if (!connection) return;
  connection->on_packet(now, {packet.data, packet.path, packet.ecn});
  if (connection->state() != Connection::State::handshaking) no_longer_half_open(*connection);
}

Connection* Endpoint::owner_of(TimePoint now, const Waiting& packet) {
  ngtcp2_version_cid header;
  if (ngtcp2_pkt_decode_version_cid(&header, packet.data.data(), packet.data.size(), kRelayIdSize) != 0) return nullptr;
  const auto known = by_id_.find(ConnectionId::from({header.dcid, header.dcidlen}));
  return known != by_id_.end() ? known->second : accept(now, packet);
}

// Null when the packet opens nothing: it belonged to a handshake that has ended meanwhile, or no more are taken.
Connection* Endpoint::accept(TimePoint now, const Waiting& packet) {
  ngtcp2_pkt_hd initial;
  if (ngtcp2_accept(&initial, packet.data.data(), packet.data.size()) != 0) return nullptr;
  auto connection = std::make_unique<Connection>(*this, tls_, std::string());
  const bool full = connections_.size() - half_open_.size() >= config_.max_connections;
  if (full || !connection->accept(now, packet.path, initial, packet.original)) {
    ++counters_.refused_connections;
    return nullptr;
  }
  if (half_open_.size() >= config_.max_half_open) {
    half_open_.front()->give_way(now);
    half_open_.erase(half_open_.begin());
  }
  half_open_.push_back(connection.get());
  return adopt(std::move(connection));
}

void Endpoint::no_longer_half_open(const Connection& connection) { std::erase(half_open_, &connection); }

void Endpoint::answer_retry(TimePoint now, const ReceivedPacket& packet, const ngtcp2_pkt_hd& initial) {
  if (blocked_) return;
  const MutableBytes room = batch_.reserve(config_.max_udp_payload);
  if (room.empty()) return;
  const std::size_t size = retry_.write(now, packet.path, initial, room);
  if (size == 0) return;
  ++counters_.retries;
  batch_.commit(size, packet.path, 0);
}

void Endpoint::answer_version(TimePoint now, const ReceivedPacket& packet, const ngtcp2_version_cid& header) {
  if (tls_.side() == Side::member || blocked_) return;
  // RFC 9000, section 6.1: nothing for short ones.
  if (packet.data.size() < NGTCP2_MAX_UDP_PAYLOAD_SIZE || !negotiations_.take(now)) {
    ++counters_.junk_packets;
    return;
  }
  const MutableBytes room = batch_.reserve(config_.max_udp_payload);
  if (room.empty()) return;
  std::uint8_t unused = 0;
  random_.fill({&unused, 1});
  constexpr std::uint32_t kVersions[] = {NGTCP2_PROTO_VER_V1};
  const ngtcp2_ssize size =
      ngtcp2_pkt_write_version_negotiation(room.data(), room.size(), unused, header.scid, header.scidlen, header.dcid,
                                           header.dcidlen, kVersions, std::size(kVersions));
  if (size <= 0) return;
  ++counters_.version_negotiations;
  batch_.commit(static_cast<std::size_t>(size), packet.path, 0);
}

void Endpoint::answer_reset(TimePoint now, const ReceivedPacket& packet, const ngtcp2_version_cid& header) {
  if (packet.data.size() < kShortestAnsweredPacket || blocked_ || !resets_.take(now)) return;
  const MutableBytes room = batch_.reserve(config_.max_udp_payload);
  if (room.empty()) return;
  ngtcp2_cid id;
  ngtcp2_cid_init(&id, header.dcid, header.dcidlen);
  std::uint8_t token[NGTCP2_STATELESS_RESET_TOKENLEN];
  std::uint8_t noise[NGTCP2_MIN_STATELESS_RESET_RANDLEN + 16];
  random_.fill(noise);
  const std::size_t noise_size = std::min(sizeof noise, packet.data.size() - 1 - sizeof token);
  const auto& key = config_.reset_key;
  if (ngtcp2_crypto_generate_stateless_reset_token(token, key.data(), key.size(), &id) != 0) return;
  const ngtcp2_ssize size = ngtcp2_pkt_write_stateless_reset(room.data(), room.size(), token, noise, noise_size);
  if (size <= 0) return;
  ++counters_.stateless_resets;
  batch_.commit(static_cast<std::size_t>(size), packet.path, 0);
}

}  // namespace softlan::quic
