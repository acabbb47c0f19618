// Keeps one kind of broadcast from becoming a storm, and leaves room for all the other kinds.
//
// What a broadcast or multicast frame is about, its kind, is its UDP destination port; without one its IP protocol, its
// ethertype behind any VLAN tags, or its LLC service access points. A server browser that asks on thirty ports at once
// uses thirty kinds; a program that floods uses one. Where several hosts are told apart, the key is of both.
//
// A table of fixed size without keys: those that meet in a place share its allowance. So nothing is ever evicted, and
// inventing kinds gains nothing. What all kinds come to is for others to limit. 8 bytes a place, taken at once; no
// allocation after that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "proto/ethernet.h"

namespace softlan::egress {

[[nodiscard]] std::uint64_t broadcast_kind(const proto::PacketView& packet);
// The same of one host.
[[nodiscard]] std::uint64_t broadcast_kind_of_source(const proto::PacketView& packet);

class StormControl {
 public:
  static constexpr std::size_t kPlaces = 256;
  // A kind that was quiet may come with this many seconds' worth of frames at once.
  static constexpr Duration kBurst = std::chrono::seconds(2);

  // Frames of one key; 0: no limit. `places` is a power of two.
  explicit StormControl(std::uint32_t per_second, std::size_t places = kPlaces);

  // True when a frame of this key may pass; it is then charged. `now` must not go backwards.
  [[nodiscard]] bool take(TimePoint now, std::uint64_t key);

 private:
  Duration interval_;                  // between frames of one key in the long run
  std::vector<TimePoint> paid_until_;  // ahead of now by what the burst was used up
};

}  // namespace softlan::egress
