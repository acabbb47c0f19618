// The gateways' own frames, of ethertype 0x88b5: they belong to no host, and no client may send them.
//
//   refresh    kind 0, then zeros                              from a member's MAC, onto the LAN
//   beacon     kind 1 | version 1 | way | 0 | number (8) | proof (16) | bearer (6) | zeros    from the gateway's MAC
//
// All have 60 bytes and go to everybody, since that is how a loop carries frames. Others may use the ethertype too.
// PROTOCOL.md, section 10.4.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/frame_pool.h"
#include "proto/ethernet.h"

namespace softlan::proto {

// Where a beacon was sent.
enum class BeaconWay : std::uint8_t { onto_lan = 0, into_room = 1 };

struct Beacon {
  BeaconWay way = BeaconWay::onto_lan;
  std::uint64_t number = 0;              // never used twice by one sender
  std::array<std::uint8_t, 16> proof{};  // over proven_part(), with a key that only its sender has
  Mac bearer{};                          // the client that handed it to its machine, as it says; zero: none did
};

[[nodiscard]] std::array<std::uint8_t, 12> proven_part(const Beacon& beacon);
// Empty for anything else of this ethertype, and for other versions.
[[nodiscard]] std::optional<Beacon> parse_beacon(const FrameView& frame);
[[nodiscard]] bool is_refresh(const FrameView& frame);

// Empty when `pool` is at its bound, as below.
[[nodiscard]] FrameRef make_beacon(FramePool& pool, const Mac& gateway, const Beacon& beacon);
[[nodiscard]] FrameRef make_refresh(FramePool& pool, const Mac& member);
// A room beacon as `client` hands it to its machine, naming itself. Empty for other frames, and for a beacon that names
// somebody.
[[nodiscard]] FrameRef name_bearer(const FrameRef& frame, const FrameView& view, const Mac& client);

}  // namespace softlan::proto
