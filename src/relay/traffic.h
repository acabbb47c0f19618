// The data path of the relay: asks the forwarder, sends, counts. No allocation unless frames are
// logged: at debug level, or for a room whose frame log is on (frame_log.h).
//
// Frames go out as they came in, but for one thing: the maximum segment size in a TCP SYN is lowered so that full
// segments fit one datagram on their way (docs/limits.md).
#pragma once

#include <cstddef>

#include "base/frame_pool.h"
#include "base/time.h"
#include "obs/log.h"
#include "proto/overlay.h"
#include "relay/forwarder.h"
#include "relay/room.h"

namespace softlan::relay {

class Traffic {
 public:
  // Borrows `log`.
  explicit Traffic(obs::Log& log) : forwarder_(kMaxSeats), log_(log) {}

  // `from` sits in `room`, as below.
  void forward(TimePoint now, Room& room, Seat& from, const FrameRef& frame);
  // Answers an echo for the relay itself (target 0), hands one for another member on, and ignores any other.
  static void pass_echo(TimePoint now, const Room& room, Seat& from, const proto::Echo& echo);

 private:
  void log_frame(TimePoint now, Room& room, const Seat& from, const FrameRef& frame, const Verdict& verdict);

  Forwarder forwarder_;
  obs::Log& log_;
};

}  // namespace softlan::relay
