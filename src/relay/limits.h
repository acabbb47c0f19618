// How much one client may send: token buckets for broadcast and multicast, unknown unicast, all bytes, and echoes.
#pragma once

#include <cstddef>

#include "base/time.h"
#include "base/token_bucket.h"
#include "ctrl/messages.h"

namespace softlan::relay {

// Saved up by a client that was quiet: discovery comes in bursts, so flat limits would kill it.
inline constexpr double kFrameBurstSeconds = 2;
inline constexpr double kByteBurstSeconds = 0.1;
inline constexpr double kMinByteBurst = 65536;  // so that a low limit still lets whole frames through

// One member may ask for this many round trips a second. Answers have a wider limit, because everybody asks the
// gateway.
inline constexpr double kEchoRequestsPerSecond = 20;
inline constexpr double kEchoAnswersPerSecond = 1000;

// Each take_*() is true when the frame may pass, and then charged. `now` must not go backwards.
class SeatLimits {
 public:
  // Zero in `limits` means no limit (ctrl::Limits).
  explicit SeatLimits(const ctrl::Limits& limits);

  [[nodiscard]] bool take_broadcast(TimePoint now) { return broadcast_.take(now); }
  [[nodiscard]] bool take_unknown_unicast(TimePoint now) { return unknown_unicast_.take(now); }
  [[nodiscard]] bool take_bytes(TimePoint now, std::size_t bytes) {
    return bytes_.take(now, static_cast<double>(bytes));
  }
  [[nodiscard]] bool take_echo(TimePoint now, bool reply) { return (reply ? echo_answers_ : echo_requests_).take(now); }

 private:
  TokenBucket broadcast_;
  TokenBucket unknown_unicast_;
  TokenBucket bytes_;
  TokenBucket echo_requests_{kEchoRequestsPerSecond, kEchoRequestsPerSecond};
  TokenBucket echo_answers_{kEchoAnswersPerSecond, kEchoAnswersPerSecond};
};

}  // namespace softlan::relay
