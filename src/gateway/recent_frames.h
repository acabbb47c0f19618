// What was written to the LAN a moment ago, to know it again when a virtual switch gives it back.
//
// A table of fixed size, one place for each hash; a later frame takes the place of an earlier one. 32 KiB, no
// allocation after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace softlan::gateway {

class RecentFrames {
 public:
  static constexpr Duration kMemory = std::chrono::seconds(1);

  RecentFrames() : places_(kPlaces) {}

  void add(TimePoint now, Bytes frame);
  // Whether such a frame was added within kMemory. Padding to the shortest wire length makes no difference.
  [[nodiscard]] bool contains(TimePoint now, Bytes frame) const;

 private:
  static constexpr std::size_t kPlaces = 2048;

  struct Place {
    std::uint64_t hash = 0;
    TimePoint when = TimePoint::min();
  };

  std::vector<Place> places_;
};

}  // namespace softlan::gateway
