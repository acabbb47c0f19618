// The gateway's frame log: one line for every frame, on request only.
#pragma once

#include "base/ids.h"
#include "obs/drop_reason.h"
#include "obs/log.h"
#include "proto/ethernet.h"

namespace softlan::gateway {

class FrameLog {
 public:
  enum class Direction : std::uint8_t { lan_to_room, room_to_lan };

  // Null: write nothing.
  explicit FrameLog(obs::Log* log) : log_(log) {}

  // `peer` is the member a frame came from, 0 for the LAN.
  void write(Direction direction, PeerId peer, const proto::FrameView& frame, obs::DropReason reason) const {
    if (log_) write_line(direction, peer, frame, reason);
  }

 private:
  void write_line(Direction direction, PeerId peer, const proto::FrameView& frame, obs::DropReason reason) const;

  obs::Log* log_;
};

}  // namespace softlan::gateway
