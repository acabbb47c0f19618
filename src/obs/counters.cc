#include "obs/counters.h"

#include <numeric>

namespace softlan::obs {

std::uint64_t DirectionCounters::dropped_total() const {
  const auto all = std::accumulate(drops.begin(), drops.end(), std::uint64_t{0});
  return all - dropped(DropReason::none) - dropped(DropReason::filler);
}

void DirectionCounters::add_drops(const DirectionCounters& other) {
  for (std::size_t i = 0; i < drops.size(); ++i) drops[i] += other.drops[i];
}

DirectionCounters& DirectionCounters::operator+=(const DirectionCounters& other) {
  frames += other.frames;
  datagrams += other.datagrams;
  bytes += other.bytes;
  add_drops(other);
  return *this;
}

}  // namespace softlan::obs
