// Says in the log why links were turned away: each of the first few, then a count, so that nobody outside can fill
// the disk.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/address.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "obs/log.h"

namespace softlan::relay {

class RefusalLog {
 public:
  static constexpr double kLinesPerSecond = 5;
  static constexpr Duration kSummaryDelay = std::chrono::seconds(10);

  // Borrows `log`.
  explicit RefusalLog(obs::Log& log) : log_(log) {}

  // `reason` in words; `room` as the visitor gave it, empty when it did not come to that.
  void refused(TimePoint now, const SocketAddress& from, std::string_view room, std::string_view reason);

  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return summary_at_; }

 private:
  obs::Log& log_;
  TokenBucket lines_{kLinesPerSecond, kLinesPerSecond};
  std::uint64_t unsaid_ = 0;
  TimePoint summary_at_ = kNever;
};

}  // namespace softlan::relay
