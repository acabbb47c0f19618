#include "quic/connection_id.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <algorithm>

#include "base/check.h"

namespace softlan::quic {

namespace {

ConnectionId random_id(std::size_t size, Random& random) {
  ConnectionId id;
  id.size = static_cast<std::uint8_t>(size);
  random.fill(MutableBytes(id.bytes).first(size));
  return id;
}

}  // namespace

ConnectionId ConnectionId::from(Bytes bytes) {
  SOFTLAN_CHECK(bytes.size() <= kMaxIdSize);
  ConnectionId id;
  id.size = static_cast<std::uint8_t>(bytes.size());
  std::ranges::copy(bytes, id.bytes.begin());
  return id;
}

std::uint16_t room_hash(std::string_view canonical_room) {
  std::uint8_t digest[32];
  SOFTLAN_CHECK(gnutls_hash_fast(GNUTLS_DIG_SHA256, canonical_room.data(), canonical_room.size(), digest) == 0);
  return load_be16(digest);
}

ConnectionId make_initial_id(std::uint16_t room_hash, Random& random) {
  ConnectionId id = random_id(kInitialIdSize, random);
  store_be16(id.bytes.data(), room_hash);
  return id;
}

ConnectionId make_relay_id(std::uint8_t worker, Random& random) {
  ConnectionId id = random_id(kRelayIdSize, random);
  id.bytes[0] = worker;
  return id;
}

ConnectionId make_member_id(Random& random) { return random_id(kMemberIdSize, random); }

std::uint8_t worker_of_room(std::string_view canonical_room, unsigned workers) {
  return static_cast<std::uint8_t>(room_hash(canonical_room) % workers);
}

std::uint8_t worker_of_initial(Bytes destination_id, unsigned workers) {
  if (destination_id.size() < 2) return 0;
  return static_cast<std::uint8_t>(load_be16(destination_id.data()) % workers);
}

std::uint8_t worker_of_relay_id(Bytes destination_id, unsigned workers) {
  if (destination_id.empty()) return 0;
  return static_cast<std::uint8_t>(destination_id[0] % workers);
}

std::uint8_t worker_of_packet(Bytes packet, unsigned workers) {
  constexpr std::uint8_t kLongHeader = 0x80;
  constexpr std::size_t kIdSizeAt = 5;
  if (packet.empty()) return 0;
  if ((packet[0] & kLongHeader) == 0) return worker_of_relay_id(packet.subspan(1), workers);
  if (packet.size() <= kIdSizeAt) return 0;
  const Bytes id = packet.subspan(kIdSizeAt + 1);
  return packet[kIdSizeAt] == kInitialIdSize ? worker_of_initial(id, workers) : worker_of_relay_id(id, workers);
}

}  // namespace softlan::quic
