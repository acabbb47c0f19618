// One member of a room, as the relay knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "ctrl/messages.h"
#include "link/link.h"
#include "obs/counters.h"
#include "obs/snapshot.h"
#include "proto/mac.h"
#include "relay/limits.h"

namespace softlan::relay {

struct Seat {
  PeerId id = kRelayPeer;  // given by Room::join()
  ctrl::Role role = ctrl::Role::client;
  proto::Mac mac;
  std::string name;
  link::Fingerprint identity;
  link::Link* link = nullptr;  // borrowed; outlives the seat
  SeatLimits limits{ctrl::Limits{}};
  std::vector<std::uint8_t> introduction = {};  // its peer_joined, encoded

  // Whole frames as the relay decides on them; the link counts datagrams and what its queue drops.
  obs::Counters counters = {};
  std::uint32_t told_budget = 0;               // datagram bytes the member says it can send
  std::optional<ctrl::Stats> told_stats = {};  // what the member last said about itself
  std::uint64_t arrived_by_then = 0;           // frames on its link, when it said so
  std::uint64_t sent_by_then = 0;

  TimePoint seated_at{};
  obs::RateMeter rates = {};  // of `counters`

  [[nodiscard]] bool is_gateway() const { return role == ctrl::Role::gateway; }
};

}  // namespace softlan::relay
