#include "quic/path_size.h"

#include <algorithm>

namespace softlan::quic {

namespace {
constexpr Duration kFirstInterval = std::chrono::seconds(1);
constexpr Duration kLongestInterval = std::chrono::seconds(16);
}  // namespace

void PathSize::on_sent(TimePoint now, std::size_t size, Duration patience) {
  sizes_[next_tag_++ % kRemembered] = static_cast<std::uint16_t>(size);
  if (size <= kFloor || size > limit_ || suspect_at_ != kNever) return;
  suspect_size_ = size;
  suspect_at_ = now + patience;
}

void PathSize::on_acknowledged(std::uint64_t tag) {
  if (tag >= next_tag_ || next_tag_ - tag > kRemembered) return;
  const std::size_t size = sizes_[tag % kRemembered];
  if (size >= suspect_size_) suspect_at_ = kNever;
  limit_ = std::max(limit_, size);
  if (limit_ >= kPathSizes.back()) next_burst_ = kNever;
}

void PathSize::on_deadline(TimePoint now) {
  if (now >= suspect_at_) {
    suspect_at_ = kNever;
    limit_ = kFloor;
    burst_interval_ = kFirstInterval;
    begin_burst(now);
  } else if (now >= next_burst_) {
    burst_interval_ = std::min(burst_interval_ * 2, kLongestInterval);
    begin_burst(now);
  }
}

void PathSize::begin_burst(TimePoint now) {
  next_probe_ = 0;
  while (probe() != 0 && probe() <= limit_) ++next_probe_;
  next_burst_ = now + burst_interval_;
}

void PathSize::probe_taken() { ++next_probe_; }

void PathSize::reset() {
  limit_ = kPathSizes.back();
  suspect_at_ = next_burst_ = kNever;
  next_probe_ = kPathSizes.size();
}

}  // namespace softlan::quic
