// Connection ids with a meaning (docs/PROTOCOL.md, "Connection ids").
//
//   member's first destination id   hash of the room code (2) | random (14)
//   relay's own ids                 worker index (1) | random (7)
//   member's own ids                random (4)
//
// They let a relay with many workers keep a room on one of them: the first packet names the room, all later ones the
// worker.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"

namespace softlan::quic {

inline constexpr std::size_t kInitialIdSize = 16;
inline constexpr std::size_t kRelayIdSize = 8;
inline constexpr std::size_t kMemberIdSize = 4;
inline constexpr std::size_t kMaxIdSize = 20;  // RFC 9000, section 17.2

struct ConnectionId {
  std::array<std::uint8_t, kMaxIdSize> bytes{};
  std::uint8_t size = 0;

  [[nodiscard]] static ConnectionId from(Bytes bytes);  // at most kMaxIdSize bytes
  [[nodiscard]] Bytes view() const { return Bytes(bytes).first(size); }
  bool operator==(const ConnectionId&) const = default;
};

// First two bytes, big-endian, of SHA-256 over the canonical room code.
[[nodiscard]] std::uint16_t room_hash(std::string_view canonical_room);

[[nodiscard]] ConnectionId make_initial_id(std::uint16_t room_hash, Random& random);
[[nodiscard]] ConnectionId make_relay_id(std::uint8_t worker, Random& random);
[[nodiscard]] ConnectionId make_member_id(Random& random);

// The worker, of `workers` (1 to 256, here and below), that a room lives on.
[[nodiscard]] std::uint8_t worker_of_room(std::string_view canonical_room, unsigned workers);
// The worker that owns a packet with this destination id: by room for a member's first id, by index for the relay's
// own.
[[nodiscard]] std::uint8_t worker_of_initial(Bytes destination_id, unsigned workers);
[[nodiscard]] std::uint8_t worker_of_relay_id(Bytes destination_id, unsigned workers);
// The same of a whole packet as it came from a member, of any version of QUIC (RFC 8999). Ids of 16 bytes in a long
// header count as a member's first, all others as the relay's own; what is too short to tell is the first worker's.
// The kernel is told to choose alike: platform/linux/reuse_port.h.
[[nodiscard]] std::uint8_t worker_of_packet(Bytes packet, unsigned workers);

}  // namespace softlan::quic
