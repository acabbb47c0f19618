#include "platform/linux/priority_rule.h"

#include <algorithm>

namespace softlan::platform {

namespace {

auto percent(Duration part, Duration whole) { return 100 * part / whole; }

bool is_greedy(const PriorityRule::Interval& interval) {
  const auto share = percent(interval.processor, interval.passed);
  const bool often = interval.sleeps > PriorityRule::kOften * interval.passed / Duration(std::chrono::seconds(1));
  const bool singly = interval.frames < interval.sleeps * PriorityRule::kFewFrames;
  return share > PriorityRule::kTooMuch || (share > PriorityRule::kMuch && often && singly);
}

}  // namespace

bool PriorityRule::decide(TimePoint now, const Interval& interval) {
  const auto contended = percent(interval.contended, interval.passed);
  if (!first_) {
    first_ = now >= barred_until_ && contended >= kContended;
    greedy_since_ = calm_since_ = kNever;
    return first_;
  }
  greedy_since_ = is_greedy(interval) ? std::min(greedy_since_, now - interval.passed) : kNever;
  calm_since_ = contended < kCalm ? std::min(calm_since_, now - interval.passed) : kNever;
  if (greedy_since_ != kNever && now - greedy_since_ >= kGreedyTime) {
    pause(now);
  } else if (calm_since_ != kNever && now - calm_since_ >= kCalmTime) {
    first_ = false;
  }
  return first_;
}

void PriorityRule::pause(TimePoint now) {
  pause_ = now - barred_until_ < kFirstPause ? std::min(2 * pause_, kLongestPause) : kFirstPause;
  barred_until_ = now + pause_;
  first_ = false;
}

}  // namespace softlan::platform
