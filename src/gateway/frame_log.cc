#include "gateway/frame_log.h"

namespace softlan::gateway {

void FrameLog::write_line(Direction direction, PeerId peer, const proto::FrameView& frame,
                          obs::DropReason reason) const {
  const bool dropped = reason != obs::DropReason::none;
  log_->info("frame", {{"direction", direction == Direction::lan_to_room ? "lan_to_room" : "room_to_lan"},
                       {"peer", to_number(peer)},
                       {"src", proto::to_string(frame.source)},
                       {"dst", proto::to_string(frame.destination)},
                       {"type", proto::describe_ethertype(frame)},
                       {"size", frame.bytes.size()},
                       {"action", dropped ? "drop" : "forward"},
                       {"reason", obs::to_string(reason)}});
}

}  // namespace softlan::gateway
