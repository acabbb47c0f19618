// What no room ever forwards, whoever it is for (docs/PROTOCOL.md, "Forwarding").
//
// One switch's control frames confuse another, and a player's DHCP server or router would take over the party's LAN.
#pragma once

#include "ctrl/messages.h"
#include "obs/drop_reason.h"
#include "proto/ethernet.h"

namespace softlan::relay {

// Why a frame of such a sender must not pass: jumbo, switch_control, and from clients dhcp_server or
// router_advertisement; `none` when it may.
[[nodiscard]] obs::DropReason guard(ctrl::Role sender, const proto::FrameView& frame);

}  // namespace softlan::relay
