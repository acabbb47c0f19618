// One link as the relay knows it, from TLS to its end: first without a seat, then perhaps with one.
//
// `link.context` points here while the relay has an interest in the link, and is null after that. A visitor whose link
// was closed lives on until the relay has finished the call it is in.
#pragma once

#include <cstddef>
#include <memory>

#include "base/deadline_heap.h"
#include "base/token_bucket.h"
#include "ctrl/codec.h"
#include "link/link.h"
#include "relay/config.h"
#include "relay/door.h"
#include "relay/room.h"

namespace softlan::relay {

// Control messages a link may send, far above what a member needs (a few in ten seconds).
inline constexpr double kControlPerSecond = 20;
inline constexpr double kControlBurst = 100;

struct Visitor {
  Visitor(const RelayConfig& config, link::Link& l)
      : link(&l),
        bad_datagrams(config.bad_datagram_limit / std::chrono::duration<double>(config.bad_datagram_window).count(),
                      config.bad_datagram_limit) {}

  [[nodiscard]] bool is_seated() const { return seat != nullptr; }

  link::Link* link;  // null once closed or gone
  ctrl::Framer framer;
  TokenBucket control_messages{kControlPerSecond, kControlBurst};
  TokenBucket bad_datagrams;
  std::unique_ptr<Exchange> exchange;  // between a challenge and its proof
  Room* room = nullptr;                // set exactly while seated, as is `seat`
  Seat* seat = nullptr;
  std::size_t index = 0;  // the relay's: its place among the visitors
  HeapPlace heap_place;   // until when a hello must come
};

// Null when the relay is done with the link.
[[nodiscard]] inline Visitor* visitor_of(const link::Link& link) { return static_cast<Visitor*>(link.context); }

}  // namespace softlan::relay
