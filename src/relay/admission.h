// What becomes of a hello: a seat in a room, or a reject that says why not.
//
// A pure decision. An identity has one seat in a room: whoever returns with the same identity takes that seat, at once
// and whatever the old link does, also with another role or MAC when those are free; nobody else can. A held seat
// counts like one somebody sits on. Rooms come into being with their first member.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>

#include "base/time.h"
#include "ctrl/messages.h"
#include "link/link.h"
#include "relay/config.h"
#include "relay/room.h"

namespace softlan::relay {

// By canonical code.
using Rooms = std::map<std::string, std::unique_ptr<Room>, std::less<>>;

struct Placement {
  std::string code;         // of the room, canonical
  Room* room = nullptr;     // null: to be opened
  Seat* retaken = nullptr;  // the identity's own seat, to be vacated first; null: a new one
};

[[nodiscard]] std::expected<Placement, ctrl::Reject> admit(TimePoint now, const RelayConfig& config, const Rooms& rooms,
                                                           const ctrl::Hello& hello, const link::Fingerprint& identity);
// For whom a room would have to be opened when there are as many as there may be.
[[nodiscard]] ctrl::Reject relay_full(std::size_t max_rooms);

}  // namespace softlan::relay
