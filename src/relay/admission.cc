#include "relay/admission.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "ctrl/validate.h"

namespace softlan::relay {
namespace {

using ctrl::RejectCode;

// Every one of these may pass with time.
ctrl::Reject not_now(RejectCode code, std::string message) {
  return {.code = code, .message = std::move(message), .retry = true};
}

std::optional<ctrl::Reject> check_room(const RelayConfig& config, const Placement& placement,
                                       const ctrl::Hello& hello) {
  const Room& room = *placement.room;
  const Seat* gateway = room.gateway();
  if (hello.role == ctrl::Role::gateway && gateway && gateway != placement.retaken) {
    return not_now(RejectCode::gateway_taken, fmt::format("Room {} has another gateway already.", room.code()));
  }
  const Seat* owner = room.owner(hello.mac);
  if (owner && owner != placement.retaken) {
    return not_now(RejectCode::mac_taken, fmt::format("Another member of room {} has the MAC address {}.", room.code(),
                                                      proto::to_string(hello.mac)));
  }
  if (!placement.retaken && room.seats().size() >= config.max_seats) {
    return not_now(RejectCode::room_full,
                   fmt::format("Room {} is full: it has {} members.", room.code(), config.max_seats));
  }
  return std::nullopt;
}

}  // namespace

std::expected<Placement, ctrl::Reject> admit(const RelayConfig& config, const Rooms& rooms, const ctrl::Hello& hello,
                                             const link::Fingerprint& identity) {
  if (auto reject = ctrl::check_hello(hello)) return std::unexpected(*std::move(reject));
  Placement placement{.code = ctrl::canonical_room(hello.room)};
  const auto found = rooms.find(placement.code);
  if (found == rooms.end()) {
    if (rooms.size() < config.max_rooms) return placement;
    return std::unexpected(
        not_now(RejectCode::relay_full, fmt::format("This relay is full: it has {} rooms.", config.max_rooms)));
  }
  placement.room = found->second.get();
  placement.retaken = placement.room->find(identity);
  if (auto reject = check_room(config, placement, hello)) return std::unexpected(*std::move(reject));
  return placement;
}

}  // namespace softlan::relay
