// A rate limit with a burst: `rate` units a second, at most `burst` units saved up.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace softlan {

class TokenBucket {
 public:
  // Starts full. Units are the caller's (frames, bytes); a rate of 0 means "no limit".
  TokenBucket(double rate_per_second, double burst) : rate_(rate_per_second), burst_(burst), level_(burst) {}

  // Takes `units` if they are there. `now` must not go backwards.
  [[nodiscard]] bool take(TimePoint now, double units = 1) {
    if (rate_ <= 0) return true;
    if (now > last_) {
      level_ = std::min(burst_, level_ + rate_ * std::chrono::duration<double>(now - last_).count());
      last_ = now;
    }
    if (level_ < units) return false;
    level_ -= units;
    return true;
  }

 private:
  double rate_;
  double burst_;
  double level_;
  TimePoint last_{};
};

}  // namespace softlan
