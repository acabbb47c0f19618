// Whether the frame at the head of one flow is to be dropped because the flow has not emptied for a while: controlled
// delay (RFC 8289, section 5). A TCP sender takes the drop as its signal to slow down, long before a bound is reached.
//
// Pure: no clock, no allocation.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace softlan::egress {

class Codel {
 public:
  // What a queue may stand at, and for how long: the round trips of players are shorter than that. The interval is also
  // the age bound of the queue, so that the first signal comes before frames are late.
  static constexpr Duration kTarget = std::chrono::milliseconds(5);
  static constexpr Duration kInterval = std::chrono::milliseconds(50);

  // `waited`: how long the frame at the head has. `alone`: it is the only one of its flow, which is no queue.
  // After true the next frame is at the head, and the question is asked again.
  [[nodiscard]] bool drops(TimePoint now, Duration waited, bool alone);

 private:
  TimePoint patience_ends_ = kNever;  // of a queue above the target; kNever: it is not
  TimePoint next_drop_{};
  std::uint32_t drops_ = 0;  // in a row
  std::uint32_t drops_at_first_ = 0;
  bool dropping_ = false;
};

}  // namespace softlan::egress
