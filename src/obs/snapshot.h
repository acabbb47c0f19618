// Counters as they leave the process: drops by name for a stats message or a log line, rates between two moments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "obs/counters.h"

namespace softlan::obs {

// Name and count of every reason above zero, both directions together, in the order of DropReason. Without `none` and
// `filler`, which are no losses.
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> drop_counts(const Counters& counters);

// The same as one log value, "forged_source:3,no_gateway:1", or "none".
[[nodiscard]] std::string drops_text(const Counters& counters);

// Counters as they stood at one moment.
struct Snapshot {
  TimePoint taken{};
  Counters counters{};
};

struct DirectionRates {
  double frames_per_second = 0;
  double bits_per_second = 0;  // of whole frames
  double drops_per_second = 0;
};

struct Rates {
  DirectionRates in;
  DirectionRates out;
};

// What happened per second from `older` to `newer`. All zero when no time has passed; a counter that went backwards
// (a member came back and counts afresh) counts from zero.
[[nodiscard]] Rates rates_between(const Snapshot& older, const Snapshot& newer);

// Rates over the latest interval between two samples, which somebody takes about once a second.
class RateMeter {
 public:
  void sample(TimePoint now, const Counters& counters);
  [[nodiscard]] const Rates& rates() const { return rates_; }

 private:
  std::optional<Snapshot> last_;
  Rates rates_;
};

}  // namespace softlan::obs
