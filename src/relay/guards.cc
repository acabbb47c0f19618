#include "relay/guards.h"

#include "base/frame_pool.h"

namespace softlan::relay {

using obs::DropReason;

DropReason guard(ctrl::Role sender, const proto::FrameView& frame) {
  if (frame.bytes.size() > kMaxFrameSize) return DropReason::jumbo;
  if (proto::is_switch_control(frame)) return DropReason::switch_control;
  if (sender == ctrl::Role::gateway) return DropReason::none;
  if (proto::is_dhcp_server_message(frame)) return DropReason::dhcp_server;
  if (proto::is_router_advertisement(frame)) return DropReason::router_advertisement;
  return DropReason::none;
}

}  // namespace softlan::relay
