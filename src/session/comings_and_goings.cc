#include "session/comings_and_goings.h"

#include <utility>

namespace softlan::session {

bool ComingsAndGoings::worth_telling(TimePoint now, ctrl::Role role) {
  TokenBucket& bucket = role == ctrl::Role::gateway ? gateways_ : clients_;
  if (bucket.take(now)) return true;
  ++untold_;
  if (summary_at_ == kNever) summary_at_ = now + kSummaryDelay;
  return false;
}

std::string ComingsAndGoings::sum_up() {
  summary_at_ = kNever;
  return std::to_string(std::exchange(untold_, 0)) + " more joined or left";
}

}  // namespace softlan::session
