// How many bytes may be in flight before they only wait: keeps the queue short in a device that is not ours.
//
// Congestion control that goes by loss fills the buffer in front of the slowest link, in a home router often 200 ms,
// and a game's frames wait there behind an upload. So the frames of backlogs also keep to a ceiling that comes from
// round trips: within kQueue of the shortest one seen, there is none. Above, it is what the path carries in that time:
//
//   lower     to (most in flight) x (shortest + kQueue) / (round trip of now), which is rate x time; once a round
//   raise     while the round trip allows, to find out whether the path carries more
//   give up   when not even the least helps for two seconds: the queue is somebody else's, or the way has become
//             longer. The round trip of now counts as the shortest from then on.
//
// A round is a round trip or more; of each only its best counts, since delayed acknowledgements and busy machines make
// single ones longer. Pure: no I/O, no clock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace softlan::quic {

class DelayCeiling {
 public:
  static constexpr Duration kQueue = std::chrono::milliseconds(4);
  static constexpr Duration kShortestRound = std::chrono::milliseconds(5);
  static constexpr std::size_t kLeast = 4 * 1472;  // bytes: acknowledgements come for every second packet
  static constexpr Duration kPatience = std::chrono::seconds(2);

  // Of frames, in flight; SIZE_MAX when there is no ceiling.
  [[nodiscard]] std::size_t bytes() const { return ceiling_; }

  // Nothing is known of this path yet, or it is another one now.
  void start() { *this = {}; }
  void on_sent(std::size_t in_flight) { most_in_flight_ = in_flight > most_in_flight_ ? in_flight : most_in_flight_; }
  void on_round_trip(TimePoint now, Duration round_trip);

 private:
  void end_round(TimePoint now);
  void lower(TimePoint now);
  void raise();

  std::size_t ceiling_ = SIZE_MAX;
  Duration shortest_ = Duration::max();
  Duration best_ = Duration::max();  // of this round
  std::size_t most_in_flight_ = 0;   // in this round
  TimePoint round_ends_{};
  TimePoint hopeless_since_ = kNever;  // at the least, and still waiting
};

}  // namespace softlan::quic
