// The frame log of one room: switched on while the relay runs, and never more than kLinesPerSecond lines a second.
//
// What is beyond that is counted and told in one line with the next frame that is logged.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace softlan::relay {

class FrameLog {
 public:
  static constexpr std::uint32_t kLinesPerSecond = 200;

  void set(bool on) { on_ = on; }
  [[nodiscard]] bool on() const { return on_; }
  // While on: whether the frame of this moment gets its line, which is then charged.
  [[nodiscard]] bool take_line(TimePoint now);
  // Frames that got none since the last call.
  [[nodiscard]] std::uint64_t take_unlogged();

 private:
  bool on_ = false;
  TimePoint second_{};  // when the present one began
  std::uint32_t lines_ = 0;
  std::uint64_t unlogged_ = 0;
};

}  // namespace softlan::relay
