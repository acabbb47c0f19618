// How many bytes of backlogs may be in flight before the rest only waits: by what the path does, not by single losses.
//
// ngtcp2's control takes every loss for congestion. On a path that loses one packet in a hundred for other reasons it
// would starve a stream that the path carries well, so it is set loose (connection.cc) and this is what holds frames
// back. It stays out of the way until one of two things shows that more is sent than the path carries:
//
//   delay   round trips longer than the shortest seen by a quarter, at most kQueue: a buffer fills, in a home router
//           often 200 ms of it, where a game's frames would wait behind an upload. In a round that lost packets
//           kLeastQueue is enough: a short buffer is full
//   loss    more than kLoss of the packets: a link with hardly any buffer, or a policer
//
// Then the ceiling is what the path carried in the shortest round trip and the allowed queue. Once a round:
//
//   lower     to (most in flight) x (shortest + queue) / (round trip of now), or x (share that arrived)
//   raise     while neither is seen, to find out whether the path carries more
//   give up   when not even the least helps for two seconds: the queue is somebody else's, or the way has become longer
//             or loses that much anyway. What is seen now counts as the path's own from then on.
//
// A round is a round trip or more; of each only its best counts, since delayed acknowledgements and busy machines make
// single ones longer. Loss is looked at when enough packets tell.
//
// On a path within a building a queue of half a megabyte comes and goes between two looks at it. So there is a bound
// that needs none: what kFastest carries in the shortest round trip. Pure: no I/O, no clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace softlan::quic {

class FlightCeiling {
 public:
  static constexpr Duration kQueue = std::chrono::milliseconds(4);
  static constexpr Duration kLeastQueue = std::chrono::microseconds(300);
  static constexpr double kLoss = 0.1;
  static constexpr std::uint32_t kEnough = 64;  // packets whose fate tells the loss of a path
  static constexpr Duration kShortestRound = std::chrono::milliseconds(5);
  static constexpr std::size_t kLeast = 4 * 1472;  // bytes: a single packet is acknowledged late, more of them soon
  static constexpr Duration kPatience = std::chrono::seconds(2);
  static constexpr std::size_t kFastest = 10;  // bits a nanosecond: more than a thread of ours seals
  // The two machines need as long for a packet and its acknowledgement when they are busy.
  static constexpr Duration kShortestWay = std::chrono::microseconds(128);

  // Of frames, in flight; SIZE_MAX while nothing is known of the path.
  [[nodiscard]] std::size_t bytes() const { return std::min(ceiling_, most(shortest_)); }
  // That bound without a ceiling: at least 160,000 bytes, two of the longest messages and a half.
  [[nodiscard]] static constexpr std::size_t most(Duration shortest) {
    if (shortest == Duration::max()) return SIZE_MAX;
    return static_cast<std::size_t>(std::max(shortest, kShortestWay).count()) * kFastest / 8;
  }

  // Nothing is known of this path yet, or it is another one now.
  void start() { *this = {}; }
  void on_sent(std::size_t in_flight) { most_in_flight_ = in_flight > most_in_flight_ ? in_flight : most_in_flight_; }
  void on_acknowledged() { ++acknowledged_; }
  void on_lost() {
    ++lost_;
    round_has_loss_ = true;
  }
  void on_round_trip(TimePoint now, Duration round_trip);

 private:
  [[nodiscard]] Duration allowed_queue() const;
  void end_round(TimePoint now);
  // The share of packets lost since it was last known, when it is more than the path's own; else 0.
  [[nodiscard]] double take_loss();
  void lower(TimePoint now, double share);
  void raise();

  std::size_t ceiling_ = SIZE_MAX;  // when nothing shows that one is needed
  Duration shortest_ = Duration::max();
  Duration best_ = Duration::max();  // of this round
  double loss_ = kLoss;              // the path's own, in every round
  double newest_loss_ = 0;
  std::uint32_t acknowledged_ = 0, lost_ = 0;
  bool round_has_loss_ = false;
  std::size_t full_at_ = SIZE_MAX;  // in flight when a short buffer was full
  std::size_t most_in_flight_ = 0;  // in this round
  TimePoint round_ends_{};
  TimePoint hopeless_since_ = kNever;  // at the least, and still waiting
};

}  // namespace softlan::quic
