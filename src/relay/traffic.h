// The data path of the relay: asks the forwarder, sends, counts. No allocation unless the log is at debug level.
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
  // For rooms of at most `max_seats`. Borrows `log`.
  Traffic(std::size_t max_seats, obs::Log& log) : forwarder_(max_seats), log_(log) {}

  // `from` sits in `room`, as below.
  void forward(TimePoint now, Room& room, Seat& from, const FrameRef& frame);
  // Answers an echo for the relay itself (target 0), hands one for another member on, and ignores any other.
  static void pass_echo(TimePoint now, const Room& room, Seat& from, const proto::Echo& echo);

 private:
  Forwarder forwarder_;
  obs::Log& log_;
};

}  // namespace softlan::relay
