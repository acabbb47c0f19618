// Sizes: from what one QUIC datagram may hold to the MTU of a member's TAP, and back.
#pragma once

#include <cstddef>
#include <cstdint>

namespace softlan::proto {

// Room MTU limits: IPv6 needs 1280 (RFC 8200, section 5); 1500 is what a LAN's own hosts use.
inline constexpr std::uint16_t kMinRoomMtu = 576;
inline constexpr std::uint16_t kMaxRoomMtu = 1500;
inline constexpr std::uint16_t kDefaultRoomMtu = 1500;

// Datagram bytes on a path of QUIC's smallest UDP payload (RFC 9000, section 14): 1200 less packet overhead.
inline constexpr std::size_t kMinDatagramBudget = 1168;

// Largest TAP MTU whose untagged frames fit one datagram of `budget` bytes, 0 when none does.
[[nodiscard]] std::size_t unfragmented_mtu(std::size_t budget);
// Datagrams a frame of `frame_size` bytes needs when one may hold `budget` bytes; 0 when it
// cannot be sent at all: not a frame's size, or more parts than a Reassembler takes.
[[nodiscard]] std::size_t datagrams_needed(std::size_t frame_size, std::size_t budget);

}  // namespace softlan::proto
