// Keeps one kind of broadcast of one client from becoming a storm, and leaves room for all its other kinds.
//
// What a broadcast or multicast frame is about, its kind, is its UDP destination port; without one its IP protocol, its
// ethertype behind any VLAN tags, or its LLC service access points. A server browser that asks on thirty ports at once
// uses thirty kinds; a program that floods uses one.
//
// A table of fixed size without keys: kinds that meet in a place share its allowance. So nothing is ever evicted, and
// inventing kinds gains nothing. What all kinds come to is a matter of limits.h. One for each seat, because a client
// has one MAC; 2 KiB, no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "proto/ethernet.h"

namespace softlan::relay {

class StormControl {
 public:
  static constexpr std::size_t kPlaces = 256;
  // A kind that was quiet may come with this many seconds' worth of frames at once.
  static constexpr Duration kBurst = std::chrono::seconds(2);

  // Frames of one kind; 0: no limit.
  explicit StormControl(std::uint32_t per_second);

  // True when `packet`, a broadcast or multicast, may pass; it is then charged. `now` must not go backwards.
  [[nodiscard]] bool take(TimePoint now, const proto::PacketView& packet);

 private:
  Duration interval_;                            // between frames of one kind in the long run
  std::array<TimePoint, kPlaces> paid_until_{};  // ahead of now by what the burst was used up
};

}  // namespace softlan::relay
