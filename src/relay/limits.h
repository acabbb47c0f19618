// How much one member may send, and how much a room may ask of the relay (docs/limits.md has the numbers' reasons).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "base/token_bucket.h"
#include "ctrl/messages.h"
#include "egress/storm_control.h"
#include "relay/config.h"

namespace softlan::relay {

// Saved up while it is quiet: discovery comes in bursts, so flat limits would kill it.
inline constexpr double kFrameBurstSeconds = 2;
inline constexpr double kByteBurstSeconds = 0.1;
inline constexpr double kMinByteBurst = 65536;  // so that a low limit still lets whole frames through

// One member may ask for this many round trips a second. Answers have a wider limit, because everybody asks the
// gateway.
inline constexpr double kEchoRequestsPerSecond = 20;
inline constexpr double kEchoAnswersPerSecond = 1000;

// Of one member. Each take_*() is true when the frame may pass, and then charged. `now` must not go backwards.
class SeatLimits {
 public:
  // Zero means no limit, in `limits` and for the broadcasts of one kind.
  explicit SeatLimits(const ctrl::Limits& limits, std::uint32_t broadcast_kind_per_second = 0);

  // A broadcast or multicast frame needs both: first that of its kind, so that a storm does not use up the other.
  [[nodiscard]] bool take_broadcast_kind(TimePoint now, const proto::PacketView& packet) {
    return storm_control_.take(now, egress::broadcast_kind(packet));
  }
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
  egress::StormControl storm_control_;
};

// As the room's rules have them.
[[nodiscard]] SeatLimits seat_limits(const LimitsConfig& config, ctrl::Role role);

// Of a whole room: what the relay sends for it, every copy of a frame counted, since that is what its own link carries.
class RoomLimits {
 public:
  // Zero means no limit.
  explicit RoomLimits(std::uint64_t bytes_per_second);

  // True when `copies` of a frame of `size` bytes may be sent; they are then charged. `now` must not go backwards.
  [[nodiscard]] bool take_copies(TimePoint now, std::size_t size, std::size_t copies);

 private:
  double burst_;
  TokenBucket bytes_;
};

}  // namespace softlan::relay
