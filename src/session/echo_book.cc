#include "session/echo_book.h"

#include <algorithm>
#include <span>

namespace softlan::session {

std::optional<double> percent_lost(const EchoTally& tally) {
  if (tally.due == 0) return std::nullopt;
  return 100.0 * tally.lost / tally.due;
}

void EchoBook::sent(TimePoint now, std::uint64_t cookie) {
  echoes_[count_ % kEchoes] = {.cookie = cookie, .sent = now, .answered = false};
  ++count_;
}

void EchoBook::answered(TimePoint now, std::uint64_t cookie) {
  const std::span known(echoes_.data(), std::min(count_, kEchoes));
  const auto echo = std::ranges::find(known, cookie, &Echo::cookie);
  if (echo == known.end() || echo->answered) return;
  echo->answered = true;
  round_trip_ = now - echo->sent;
}

EchoTally EchoBook::tally(TimePoint now) const {
  EchoTally tally;
  for (const Echo& echo : std::span(echoes_.data(), std::min(count_, kEchoes))) {
    if (!echo.answered && now - echo.sent < kPatience) continue;
    ++tally.due;
    if (!echo.answered) ++tally.lost;
  }
  return tally;
}

}  // namespace softlan::session
