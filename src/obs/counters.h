// Counters of one leg, seat or process: frames, datagrams and bytes per direction, drops by reason. Plain integers,
// one thread; reading them for a log line or a stats message is a copy.
#pragma once

#include <array>
#include <cstdint>

#include "obs/drop_reason.h"

namespace softlan::obs {

struct DirectionCounters {
  std::uint64_t frames = 0;
  std::uint64_t datagrams = 0;
  std::uint64_t bytes = 0;  // of whole frames
  std::array<std::uint64_t, kDropReasonCount> drops{};

  void drop(DropReason reason, std::uint64_t count = 1) { drops[static_cast<std::size_t>(reason)] += count; }
  [[nodiscard]] std::uint64_t dropped(DropReason reason) const { return drops[static_cast<std::size_t>(reason)]; }
  // All reasons but `none` and `filler`.
  [[nodiscard]] std::uint64_t dropped_total() const;
  void add_drops(const DirectionCounters& other);
  DirectionCounters& operator+=(const DirectionCounters& other);
};

// `in` is what came from the peer (or device), `out` what was meant for it.
struct Counters {
  DirectionCounters in;
  DirectionCounters out;
};

}  // namespace softlan::obs
