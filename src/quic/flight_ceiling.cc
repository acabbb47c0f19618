#include "quic/flight_ceiling.h"

#include <algorithm>
#include <utility>

namespace softlan::quic {

namespace {

// Beyond this no ceiling is needed: 4 ms of 32 Gbit/s.
constexpr std::size_t kMost = 16 << 20;
constexpr std::size_t kPacket = 1472;

double ratio(Duration part, Duration whole) {
  return static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

std::size_t scaled(std::size_t bytes, double by) { return static_cast<std::size_t>(static_cast<double>(bytes) * by); }

}  // namespace

void FlightCeiling::on_round_trip(TimePoint now, Duration round_trip) {
  if (round_trip <= Duration::zero()) return;
  shortest_ = std::min(shortest_, round_trip);
  best_ = std::min(best_, round_trip);
  if (now < round_ends_) return;
  end_round(now);
  round_ends_ = now + std::max(round_trip, kShortestRound);
  best_ = Duration::max();
  most_in_flight_ = 0;
}

Duration FlightCeiling::allowed_queue() const { return std::clamp(shortest_ / 4, kLeastQueue, kQueue); }

void FlightCeiling::end_round(TimePoint now) {
  const bool loaded = most_in_flight_ >= kLeast;
  const bool has_loss = std::exchange(round_has_loss_, false);
  const Duration allowed = has_loss ? kLeastQueue : allowed_queue();
  const double arrived = 1 - take_loss();
  const bool queues = best_ - shortest_ > allowed;
  const double in_time = queues ? ratio(shortest_ + allowed, best_) : 1;
  if (loaded && (queues || arrived < 1)) {
    if (has_loss) full_at_ = most_in_flight_;
    return lower(now, std::min(in_time, arrived));
  }
  if (newest_loss_ > loss_ || lost_ > loss_ * acknowledged_) return;  // until enough packets say that it has helped
  hopeless_since_ = kNever;
  // What did not use the ceiling says nothing about what lies above it.
  if (ceiling_ != SIZE_MAX && most_in_flight_ >= ceiling_ / 4 * 3) raise();
}

double FlightCeiling::take_loss() {
  const std::uint32_t packets = acknowledged_ + lost_;
  if (packets < kEnough) return 0;
  newest_loss_ = static_cast<double>(lost_) / packets;
  acknowledged_ = lost_ = 0;
  return newest_loss_ > loss_ ? newest_loss_ : 0;
}

void FlightCeiling::lower(TimePoint now, double share) {
  if (ceiling_ == kLeast && hopeless_since_ == kNever) hopeless_since_ = now;
  if (hopeless_since_ != kNever && now - hopeless_since_ >= kPatience) {
    shortest_ = best_;
    loss_ = std::max(kLoss, newest_loss_ * 3 / 2);
    ceiling_ = SIZE_MAX;
    hopeless_since_ = kNever;
    return;
  }
  ceiling_ = std::clamp(scaled(most_in_flight_, share), kLeast, ceiling_);
}

// Far below the allowed queue quickly, near it by a quarter of it a round; by a packet where a short buffer was full.
void FlightCeiling::raise() {
  const Duration more = allowed_queue() / 4;
  const bool far = best_ - shortest_ < allowed_queue() / 2;
  const std::size_t step = std::max(far ? ceiling_ / 8 : std::size_t{0}, scaled(ceiling_, ratio(more, best_ + more)));
  if (ceiling_ + step < full_at_ / 8 * 7) {
    ceiling_ += step;
  } else if (ceiling_ < full_at_ / 4 * 5) {
    ceiling_ += std::min(step, kPacket);
  } else {
    ceiling_ += step;
    full_at_ = SIZE_MAX;
  }
  if (ceiling_ > kMost) ceiling_ = SIZE_MAX;
}

}  // namespace softlan::quic
