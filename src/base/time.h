// Time as the cores see it: an argument, never a call. Only the runtime and the simulator own a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace softlan {

using Duration = std::chrono::nanoseconds;

// Monotonic time without an epoch of its own; the runtime feeds it from CLOCK_MONOTONIC, tests from zero.
struct MonotonicClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};

using TimePoint = MonotonicClock::time_point;

// "No deadline": next_deadline() of a core that waits for nothing.
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace softlan
