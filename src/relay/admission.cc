#include "relay/admission.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
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

// Whole seconds, the one that has begun included.
std::int64_t seconds_left(TimePoint now, const HeldSeat& seat) {
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(seat.until - now).count());
}

std::optional<ctrl::Reject> check_gateway(TimePoint now, const Placement& placement,
                                          const link::Fingerprint& identity) {
  const Room& room = *placement.room;
  if (room.gateway() && room.gateway() != placement.retaken) {
    return not_now(RejectCode::gateway_taken, fmt::format("Room {} has another gateway already.", room.code()));
  }
  if (const HeldSeat* held = room.held().gateway(identity)) {
    return not_now(RejectCode::gateway_taken,
                   fmt::format("Room {} keeps its gateway's place for the one that just lost its connection, for {} s "
                               "more.",
                               room.code(), seconds_left(now, *held)));
  }
  return std::nullopt;
}

std::optional<ctrl::Reject> check_mac(TimePoint now, const Placement& placement, ctrl::Role role, const proto::Mac& mac,
                                      const link::Fingerprint& identity) {
  const Room& room = *placement.room;
  const Seat* owner = room.owner(mac);
  if (owner && owner != placement.retaken) {
    return not_now(RejectCode::mac_taken,
                   fmt::format("Another member of room {} has the MAC address {}.", room.code(), to_string(mac)));
  }
  if (const HeldSeat* held = room.held().owner(mac, identity)) {
    return not_now(
        RejectCode::mac_taken,
        fmt::format("The MAC address {} is kept in room {} for the member that just lost its connection, for "
                    "{} s more.",
                    to_string(mac), room.code(), seconds_left(now, *held)));
  }
  const bool newcomer = !placement.retaken && !room.held().holds(identity);
  if (newcomer && role == ctrl::Role::client && room.is_mac_on_lan(now, mac)) {
    return not_now(RejectCode::mac_taken, fmt::format("A computer on the LAN of room {} has the MAC address {}.",
                                                      room.code(), to_string(mac)));
  }
  return std::nullopt;
}

std::optional<ctrl::Reject> check_space(const RoomRules& rules, const Placement& placement,
                                        const link::Fingerprint& identity) {
  const Room& room = *placement.room;
  const bool has_seat = placement.retaken || room.held().holds(identity);
  if (has_seat || room.seats().size() + room.held().size() < rules.max_seats) return std::nullopt;
  return not_now(RejectCode::room_full,
                 room.held().empty()
                     ? fmt::format("Room {} is full: it has {} members.", room.code(), room.seats().size())
                     : fmt::format("Room {} is full: it has {} members and keeps {} seats for those that just lost "
                                   "their connection.",
                                   room.code(), room.seats().size(), room.held().size()));
}

}  // namespace

std::expected<Placement, ctrl::Reject> admit(TimePoint now, const RelayConfig& config, const Rooms& rooms,
                                             const ctrl::Hello& hello, const link::Fingerprint& identity) {
  Placement placement{.code = ctrl::canonical_room(hello.room)};
  const RoomRules& rules = config.rules_of(placement.code);
  if (now >= rules.expires) {
    return std::unexpected(
        not_now(RejectCode::room_not_open, fmt::format("Room {} is over: its time has expired.", placement.code)));
  }
  const auto found = rooms.find(placement.code);
  if (found == rooms.end()) return placement;
  placement.room = found->second.get();
  placement.retaken = placement.room->find(identity);
  std::optional<ctrl::Reject> reject;
  if (hello.role == ctrl::Role::gateway) reject = check_gateway(now, placement, identity);
  if (!reject) reject = check_mac(now, placement, hello.role, hello.mac, identity);
  if (!reject) reject = check_space(rules, placement, identity);
  if (reject) return std::unexpected(*std::move(reject));
  return placement;
}

ctrl::Reject relay_full(std::size_t max_rooms) {
  return not_now(RejectCode::relay_full, fmt::format("This relay is full: it has {} rooms.", max_rooms));
}

}  // namespace softlan::relay
