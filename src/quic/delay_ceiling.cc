#include "quic/delay_ceiling.h"

#include <algorithm>

namespace softlan::quic {

namespace {

// Beyond this no ceiling is needed: 4 ms of 32 Gbit/s.
constexpr std::size_t kMost = 16 << 20;

std::size_t scaled(std::size_t bytes, Duration by, Duration of) {
  return static_cast<std::size_t>(static_cast<double>(bytes) * static_cast<double>(by.count()) /
                                  static_cast<double>(of.count()));
}

}  // namespace

void DelayCeiling::on_round_trip(TimePoint now, Duration round_trip) {
  if (round_trip <= Duration::zero()) return;
  shortest_ = std::min(shortest_, round_trip);
  best_ = std::min(best_, round_trip);
  if (now < round_ends_) return;
  end_round(now);
  round_ends_ = now + std::max(round_trip, kShortestRound);
  best_ = Duration::max();
  most_in_flight_ = 0;
}

void DelayCeiling::end_round(TimePoint now) {
  const bool loaded = most_in_flight_ >= kLeast;
  if (loaded && best_ - shortest_ > kQueue) return lower(now);
  hopeless_since_ = kNever;
  // What did not use the ceiling says nothing about what lies above it.
  if (ceiling_ != SIZE_MAX && most_in_flight_ >= ceiling_ / 4 * 3) raise();
}

void DelayCeiling::lower(TimePoint now) {
  if (ceiling_ == kLeast && hopeless_since_ == kNever) hopeless_since_ = now;
  if (hopeless_since_ != kNever && now - hopeless_since_ >= kPatience) {
    shortest_ = best_;
    ceiling_ = SIZE_MAX;
    hopeless_since_ = kNever;
    return;
  }
  ceiling_ = std::clamp(scaled(most_in_flight_, shortest_ + kQueue, best_), kLeast, ceiling_);
}

// Far below the allowed queue quickly, near it by a millisecond a round.
void DelayCeiling::raise() {
  constexpr Duration kStep = std::chrono::milliseconds(1);
  const bool far = best_ - shortest_ < kQueue / 2;
  ceiling_ += std::max(far ? ceiling_ / 8 : std::size_t{0}, scaled(ceiling_, kStep, best_ + kStep));
  if (ceiling_ > kMost) ceiling_ = SIZE_MAX;
}

}  // namespace softlan::quic
