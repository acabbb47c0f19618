#include "egress/codel.h"

#include <cmath>

namespace softlan::egress {

namespace {

// Drops come closer together until the queue is short: TCP's rate goes with the root of its losses.
Duration spacing(std::uint32_t drops) {
  const double interval = static_cast<double>(Codel::kInterval.count());
  return Duration(static_cast<std::int64_t>(interval / std::sqrt(static_cast<double>(drops))));
}

}  // namespace

bool Codel::drops(TimePoint now, Duration waited, bool alone) {
  if (waited < kTarget || alone) {
    patience_ends_ = kNever;
    dropping_ = false;
    return false;
  }
  if (patience_ends_ == kNever) patience_ends_ = now + kInterval;
  if (now < patience_ends_) return false;
  if (dropping_) {
    if (now < next_drop_) return false;
    next_drop_ += spacing(++drops_);
    return true;
  }
  // A queue that is back soon after its last drop goes on where it was.
  const std::uint32_t recent = drops_ - drops_at_first_;
  drops_ = recent > 1 && now - next_drop_ < 16 * kInterval ? recent : 1;
  drops_at_first_ = drops_;
  next_drop_ = now + spacing(drops_);
  dropping_ = true;
  return true;
}

}  // namespace softlan::egress
