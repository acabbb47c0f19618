// The overlay header: what one QUIC DATAGRAM between a member and the relay carries (docs/PROTOCOL.md, "Datagrams").
//
//      0               1               2               3
//     +-------+-------+---------------+-------------------------------+
//     |version| kind  |     flags     |  peer id (sender; 0 to relay) |     every datagram, 4 bytes
//     +-------+-------+---------------+-------------------------------+
//   frame     Ethernet frame, 14 to 1522 bytes
//   fragment  frame id (2) | offset (2) | total (2) | 1 byte or more of the frame
//   filler    any bytes, ignored
//   echo      target peer id (2) | 8 bytes the asker chose, returned untouched; flag bit 0 set in the answer
//
// All integers big-endian. A member sends peer id 0 and the relay stamps the sender's on the way out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/ids.h"

namespace softlan::proto {

inline constexpr std::uint8_t kOverlayVersion = 1;
inline constexpr std::size_t kOverlayHeaderSize = 4;
inline constexpr std::size_t kFragmentHeaderSize = kOverlayHeaderSize + 6;
inline constexpr std::size_t kEchoSize = kOverlayHeaderSize + 2 + 8;
inline constexpr std::uint8_t kEchoReplyFlag = 0x01;

enum class OverlayKind : std::uint8_t { frame = 0, fragment = 1, filler = 2, echo = 3 };

struct OverlayHeader {
  OverlayKind kind = OverlayKind::frame;
  std::uint8_t flags = 0;
  PeerId sender = kRelayPeer;
};

struct FragmentHeader {
  std::uint16_t frame_id = 0;  // per sender of this leg, counts up and wraps
  std::uint16_t offset = 0;    // of this part in the frame, bytes
  std::uint16_t total = 0;     // size of the whole frame, bytes
};

struct Echo {
  PeerId target = kRelayPeer;
  std::uint64_t cookie = 0;
  bool reply = false;
};

// One parsed datagram. `body` is what follows the headers; which of the others is set follows `header.kind`.
struct OverlayDatagram {
  OverlayHeader header;
  FragmentHeader fragment;
  Echo echo;
  Bytes body;
};

// Why a datagram could not be read.
enum class OverlayFault : std::uint8_t { none, too_short, bad_version, bad_kind, bad_length };

struct OverlayParse {
  OverlayDatagram datagram;
  OverlayFault fault = OverlayFault::none;
};

// Reads one datagram; never looks past its end. A frame must hold 14 to kMaxFrameSize bytes (bad_length), a fragment
// must lie inside its frame, whose total must be 14 to kMaxFrameSize (bad_length); trailing bytes after an echo are
// bad_length. Unknown flag bits are ignored.
[[nodiscard]] OverlayParse parse_overlay(Bytes datagram);

// Header bytes to put in front of the body; the body is sent beside them, not copied.
[[nodiscard]] std::array<std::uint8_t, kOverlayHeaderSize> encode_header(const OverlayHeader& header);
[[nodiscard]] std::array<std::uint8_t, kFragmentHeaderSize> encode_fragment(PeerId sender,
                                                                            const FragmentHeader& fragment);
// The whole datagram.
[[nodiscard]] std::array<std::uint8_t, kEchoSize> encode_echo(PeerId sender, const Echo& echo);

}  // namespace softlan::proto
