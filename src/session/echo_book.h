// Echoes sent to one peer over the last minute: how long the latest answer took, and what share never had one.
//
// An echo counts as lost when it had no answer for kPatience; a late answer takes it off the losses again. No clock,
// no allocation: 1.5 KiB.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace softlan::session {

struct EchoTally {
  unsigned due = 0;   // echoes that had their time
  unsigned lost = 0;  // of them

  bool operator==(const EchoTally&) const = default;
};

// Lost echoes in percent; none when none was due.
[[nodiscard]] std::optional<double> percent_lost(const EchoTally& tally);

class EchoBook {
 public:
  static constexpr std::size_t kEchoes = 60;  // one a second
  static constexpr Duration kPatience = std::chrono::seconds(2);

  void sent(TimePoint now, std::uint64_t cookie);
  // Of an echo in the book; everything else and a second answer is nothing.
  void answered(TimePoint now, std::uint64_t cookie);
  // Of the latest answer; none before the first.
  [[nodiscard]] std::optional<Duration> round_trip() const { return round_trip_; }
  [[nodiscard]] EchoTally tally(TimePoint now) const;

 private:
  struct Echo {
    std::uint64_t cookie = 0;
    TimePoint sent{};
    bool answered = false;
  };
  std::array<Echo, kEchoes> echoes_{};
  std::size_t count_ = 0;  // ever sent; the latest is before count_ % kEchoes
  std::optional<Duration> round_trip_;
};

}  // namespace softlan::session
