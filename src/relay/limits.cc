#include "relay/limits.h"

#include <algorithm>

namespace softlan::relay {
namespace {

TokenBucket frame_bucket(std::uint32_t per_second) {
  return {static_cast<double>(per_second), std::max(1.0, per_second * kFrameBurstSeconds)};
}

TokenBucket byte_bucket(std::uint64_t per_second) {
  const auto rate = static_cast<double>(per_second);
  return {rate, std::max(kMinByteBurst, rate * kByteBurstSeconds)};
}

}  // namespace

SeatLimits::SeatLimits(const ctrl::Limits& limits)
    : broadcast_(frame_bucket(limits.broadcast_per_second)),
      unknown_unicast_(frame_bucket(limits.unknown_unicast_per_second)),
      bytes_(byte_bucket(limits.bytes_per_second)) {}

}  // namespace softlan::relay
