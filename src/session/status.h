// What a member can be asked about itself: a copy of its session's books at one moment. docs/status.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/ids.h"
#include "base/time.h"
#include "ctrl/messages.h"
#include "obs/counters.h"
#include "obs/diagnostics.h"
#include "proto/mac.h"
#include "session/echo_book.h"

namespace softlan::session {

// Round-trip times as last measured; none while unknown.
struct RoundTrips {
  std::optional<Duration> relay;
  std::optional<Duration> gateway;
};

// Echoes of the last minute, of the present seat and gateway.
struct Echoes {
  EchoTally relay;
  EchoTally gateway;
};

struct Status {
  ctrl::Role role = ctrl::Role::client;
  std::string room;
  std::string name;
  proto::Mac mac;
  std::string relay;                           // as the user wrote it
  std::optional<SocketAddress> relay_address;  // where it was reached last
  bool seated = false;
  std::uint32_t seats = 0;   // taken, since the program began: more than one after a loss
  PeerId peer = kRelayPeer;  // as below: while seated
  bool gateway_present = false;
  RoundTrips round_trips;
  Echoes echoes;
  std::size_t budget = 0;          // bytes a datagram to the relay may hold
  std::uint64_t packets_lost = 0;  // on the way to the relay, of the present connection
  std::size_t queued_bytes = 0;
  Duration queue_delay{};
  std::vector<ctrl::PeerJoined> peers;
  obs::Counters link;  // since the program began: frames from and to the relay, and all drops but the port's
  std::optional<obs::Condition> trouble;  // of the port, which is not used because of it
  obs::Counters port;                     // "in" is what came from the TAP or the LAN, "out" what went there
};

}  // namespace softlan::session
