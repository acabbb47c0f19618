#include "quic/path_size.h"

#include <utility>

namespace softlan::quic {

namespace {

// Sizes the path has carried before: it may recover any moment.
constexpr Duration kFirstReturn = std::chrono::seconds(1);
constexpr Duration kLastReturn = std::chrono::seconds(60);
// Sizes it never carried (RFC 8899, section 5.1.1: PMTU_RAISE_TIMER, 600 s).
constexpr Duration kFirstRaise = std::chrono::seconds(60);
constexpr Duration kLastRaise = std::chrono::seconds(600);

}  // namespace

void PathSize::start(std::size_t largest) {
  limit_ = proved_ = kFloor;
  largest_ = largest;
  suspect_at_ = kNever;
  search(largest > kFloor ? largest : 0);
}

void PathSize::search(std::size_t hoped) {
  probes_end_ = raise_at_ = kNever;
  raise_interval_ = {};
  hoped_ = ceiling_ = hoped;
  next_ = next_above_limit();
}

std::size_t PathSize::next_above_limit() const {
  const auto* const next = std::ranges::upper_bound(kPathSizes, limit_);
  return next != kPathSizes.end() && *next < ceiling_ ? *next : 0;
}

void PathSize::on_sent(TimePoint now, std::size_t size, Duration patience) {
  sizes_[next_tag_++ % kRemembered] = static_cast<std::uint16_t>(size);
  if (size > limit_) {
    probes_end_ = now + patience;
  } else if (size > kFloor && suspect_at_ == kNever) {
    suspect_size_ = size;
    suspect_at_ = now + patience;
  }
}

void PathSize::on_acknowledged(TimePoint now, std::uint64_t tag) {
  if (tag >= next_tag_ || next_tag_ - tag > kRemembered) return;
  const std::size_t size = sizes_[tag % kRemembered];
  if (size >= suspect_size_) suspect_at_ = kNever;
  if (size <= limit_) return;
  limit_ = size;
  proved_ = std::max(proved_, limit_);
  raise_interval_ = {};
  next_ = next_above_limit();
  if (limit_ >= ceiling_ || (hoped_ == 0 && next_ == 0)) end_search(now);
}

void PathSize::end_search(TimePoint now) {
  hoped_ = next_ = 0;
  probes_end_ = raise_at_ = kNever;
  if (limit_ >= largest_) return;
  const bool carried_more = limit_ < proved_;
  if (raise_interval_ == Duration{}) {
    raise_interval_ = carried_more ? kFirstReturn : kFirstRaise;
  } else {
    raise_interval_ = std::min(raise_interval_ * 2, carried_more ? kLastReturn : kLastRaise);
  }
  raise_at_ = now + raise_interval_;
}

void PathSize::on_deadline(TimePoint now) {
  if (now >= suspect_at_) {
    suspect_at_ = kNever;
    search(std::exchange(limit_, kFloor));
  } else if (now >= probes_end_) {
    end_search(now);
  } else if (now >= raise_at_) {
    raise_at_ = kNever;
    ceiling_ = largest_ + 1;
    next_ = next_above_limit();
  }
}

}  // namespace softlan::quic
