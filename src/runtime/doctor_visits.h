// Takes the doctor where it has to go: onto the LAN for some seconds, and to the relay as a visitor.
//
// Both calls block, run a loop of their own and leave nothing behind.
#pragma once

#include <string>
#include <vector>

#include "base/frame_pool.h"
#include "base/random.h"
#include "base/result.h"
#include "doctor/card.h"
#include "doctor/lan.h"
#include "doctor/relay.h"
#include "doctor/relay_probe.h"
#include "quic/tls.h"
#include "runtime/dialer.h"

namespace softlan::runtime {

// Asks and listens on the LAN of `card` (doctor/lan_probe.h). The error says why it cannot be listened to.
[[nodiscard]] Result<doctor::Lan> visit_lan(const doctor::Card& card, FramePool& pool, Random& random);

// Goes to the relay as each visitor in turn, until one is let in or learns that the room has a gateway. Fills `visits`
// and `found` of `relay`.
void visit_relay(const DialerConfig& where, const std::vector<doctor::Visitor>& visitors, const quic::TlsContext& tls,
                 FramePool& pool, Random& random, doctor::Relay& relay);

}  // namespace softlan::runtime
