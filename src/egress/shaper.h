// Holds frames back so that one connection stays below a rate, a limit or the pace of its window (RFC 9002, section
// 7.7), and the backlog forms in the send queue and not in a slower device on the way.
//
// Only frames wait. Acknowledgements and control leave at once, but are counted: frames wait longer for them. After a
// pause some milliseconds' worth may leave together, so at low load nothing waits, nor does a late timer cost rate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace softlan::egress {

class Shaper {
 public:
  static constexpr Duration kBurst = std::chrono::milliseconds(3);

  // 0: no limit.
  explicit Shaper(std::uint64_t bits_per_second) : bits_per_second_(bits_per_second) {}
  // For what is sent from now on.
  void set_rate(std::uint64_t bits_per_second) { bits_per_second_ = bits_per_second; }

  // `bytes` as they count on the line.
  void on_sent(TimePoint now, std::size_t bytes) {
    if (bits_per_second_ == 0) return;
    line_free_at_ = std::max(line_free_at_, now) + time_for(bytes);
  }
  // From when on frames may leave; in the past when they may now.
  [[nodiscard]] TimePoint opens_at() const { return line_free_at_ - kBurst; }

 private:
  [[nodiscard]] Duration time_for(std::size_t bytes) const {
    return Duration(static_cast<std::int64_t>(bytes * 8 * 1'000'000'000 / bits_per_second_));
  }

  std::uint64_t bits_per_second_;
  TimePoint line_free_at_{};  // when a line of that rate is done with what was sent
};

}  // namespace softlan::egress
