#include "relay/limits.h"

#include <algorithm>

namespace softlan::relay {
namespace {

TokenBucket frame_bucket(std::uint32_t per_second) {
  return {static_cast<double>(per_second), std::max(1.0, per_second * kFrameBurstSeconds)};
}

double byte_burst(std::uint64_t per_second) {
  return std::max(kMinByteBurst, static_cast<double>(per_second) * kByteBurstSeconds);
}

TokenBucket byte_bucket(std::uint64_t per_second) { return {static_cast<double>(per_second), byte_burst(per_second)}; }

}  // namespace

SeatLimits::SeatLimits(const ctrl::Limits& limits, std::uint32_t broadcast_kind_per_second)
    : broadcast_(frame_bucket(limits.broadcast_per_second)),
      unknown_unicast_(frame_bucket(limits.unknown_unicast_per_second)),
      bytes_(byte_bucket(limits.bytes_per_second)),
      storm_control_(broadcast_kind_per_second) {}

SeatLimits seat_limits(const LimitsConfig& config, ctrl::Role role) {
  return role == ctrl::Role::gateway ? SeatLimits(config.gateway)
                                     : SeatLimits(config.client, config.broadcast_kind_per_second);
}

RoomLimits::RoomLimits(std::uint64_t bytes_per_second)
    : burst_(byte_burst(bytes_per_second)), bytes_(byte_bucket(bytes_per_second)) {}

// A broadcast to many members may come to more than the burst: it then takes all of it, or it would never pass.
bool RoomLimits::take_copies(TimePoint now, std::size_t size, std::size_t copies) {
  return bytes_.take(now, std::min(burst_, static_cast<double>(size * copies)));
}

}  // namespace softlan::relay
