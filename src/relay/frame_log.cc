#include "relay/frame_log.h"

#include <utility>

namespace softlan::relay {

bool FrameLog::take_line(TimePoint now) {
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (lines_ == kLinesPerSecond) {
    ++unlogged_;
    return false;
  }
  ++lines_;
  return true;
}

std::uint64_t FrameLog::take_unlogged() { return std::exchange(unlogged_, 0); }

}  // namespace softlan::relay
