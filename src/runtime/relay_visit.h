// Takes the doctor to the relay, as a visitor: blocks, runs a loop of its own and leaves nothing behind.
#pragma once

#include <vector>

#include "base/frame_pool.h"
#include "base/random.h"
#include "doctor/relay.h"
#include "doctor/relay_probe.h"
#include "quic/tls.h"
#include "runtime/dialer.h"

namespace softlan::runtime {

// Goes to the relay as each visitor in turn, until one is let in or learns that the room has a gateway. Fills `visits`
// and `found` of `relay`.
void visit_relay(const DialerConfig& where, const std::vector<doctor::Visitor>& visitors, const quic::TlsContext& tls,
                 FramePool& pool, Random& random, doctor::Relay& relay);

}  // namespace softlan::runtime
