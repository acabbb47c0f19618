#include "relay/refusal_log.h"

#include <utility>

namespace softlan::relay {

void RefusalLog::refused(TimePoint now, const SocketAddress& from, std::string_view room, std::string_view reason) {
  if (lines_.take(now)) {
    log_.info("refused", {{"from", to_string(from)}, {"room", room}, {"reason", reason}});
    return;
  }
  ++unsaid_;
  if (summary_at_ == kNever) summary_at_ = now + kSummaryDelay;
}

void RefusalLog::on_deadline(TimePoint now) {
  if (now < summary_at_) return;
  summary_at_ = kNever;
  log_.info("more refused", {{"count", std::exchange(unsaid_, 0)}});
}

}  // namespace softlan::relay
