// Takes the doctor onto the LAN for some seconds: blocks, runs a loop of its own and leaves nothing behind.
#pragma once

#include "base/frame_pool.h"
#include "base/random.h"
#include "base/result.h"
#include "doctor/card.h"
#include "doctor/lan.h"

namespace softlan::runtime {

// Asks and listens on the LAN of `card` (doctor/lan_probe.h). The error says why it cannot be listened to.
[[nodiscard]] Result<doctor::Lan> visit_lan(const doctor::Card& card, FramePool& pool, Random& random);

}  // namespace softlan::runtime
