// Which comings and goings of members a person is told one by one: those of an evening. Of a crowd, or of a relay that
// makes them up, it is the number only.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "base/token_bucket.h"
#include "ctrl/messages.h"

namespace softlan::session {

class ComingsAndGoings {
 public:
  static constexpr double kAtOnce = 20;  // of clients
  static constexpr double kPerSecond = 0.5;
  static constexpr Duration kSummaryDelay = std::chrono::seconds(10);

  // Whether this one is told; otherwise it is counted for the next summary.
  [[nodiscard]] bool worth_telling(TimePoint now, ctrl::Role role);

  // When a summary is due.
  [[nodiscard]] TimePoint next_deadline() const { return summary_at_; }
  // "12 more joined or left", since the last summary.
  [[nodiscard]] std::string sum_up();

 private:
  TokenBucket clients_{kPerSecond, kAtOnce};
  TokenBucket gateways_{kPerSecond / 2, kAtOnce / 4};  // apart, so that no crowd hides the LAN's coming and going
  std::uint64_t untold_ = 0;
  TimePoint summary_at_ = kNever;
};

}  // namespace softlan::session
