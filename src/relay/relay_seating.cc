#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ctrl/codec.h"
#include "ctrl/validate.h"
#include "relay/relay.h"

namespace softlan::relay {

using link::CloseCode;

namespace {

std::vector<std::uint8_t> introduce(const Seat& seat) {
  return ctrl::encode(ctrl::PeerJoined{.peer = seat.id, .role = seat.role, .mac = seat.mac, .name = seat.name});
}

}  // namespace

void Relay::take_seat(TimePoint now, Visitor& visitor, const ctrl::Hello& hello, const Placement& placement) {
  PeerId wished = hello.previous;
  if (placement.retaken) {
    wished = placement.retaken->id;
    close(*visitor_of(*placement.retaken->link), CloseCode::replaced, "came back on another connection");
  }
  Room& room = placement.room ? *placement.room : open_room(now, placement.code);
  if (const auto held = room.held().take_back(visitor.link->peer_identity())) wished = held->id;
  Seat member{.role = hello.role,
              .mac = hello.mac,
              .name = hello.name,
              .identity = visitor.link->peer_identity(),
              .link = visitor.link,
              .limits = seat_limits(room.rules().limits, hello.role),
              .told_budget = hello.budget};
  visitor.room = &room;
  visitor.seat = &room.join(std::move(member), wished);
  visitor.seat->seated_at = now;
  visitor.seat->introduction = introduce(*visitor.seat);
  ++seated_;
  hello_deadlines_.remove(visitor);
  log_joined(log_, room, *visitor.seat);
}

Room& Relay::open_room(TimePoint now, const std::string& code) {
  if (report_at_ == kNever) report_at_ = now + config_.report_interval;
  log_.info("room opened", {{"room", code}});
  return *rooms_.emplace(code, std::make_unique<Room>(code, config_.rules_of(code))).first->second;
}

void Relay::close_empty_rooms() {
  const std::size_t closed = std::erase_if(rooms_, [&](const auto& entry) {
    if (!entry.second->seats().empty() || !entry.second->held().empty()) return false;
    log_.info("room closed", {{"room", entry.first}, {"frames_in", entry.second->total().in.frames}});
    return true;
  });
  share_.open_rooms->give_back(closed);
  if (rooms_.empty()) report_at_ = kNever;
}

// Before its member vacates it.
void Relay::hold_seat(TimePoint now, const Visitor& visitor) {
  const Seat& seat = *visitor.seat;
  const TimePoint until = now + config_.seat_hold;
  visitor.room->held().hold(
      {.id = seat.id, .role = seat.role, .mac = seat.mac, .identity = seat.identity, .until = until});
  release_at_ = std::min(release_at_, until);
}

void Relay::release_seats(TimePoint now) {
  release_at_ = kNever;
  for (const auto& [code, room] : rooms_) {
    if (const std::size_t count = room->expire_held(now)) {
      log_.info("seats no longer held", {{"room", code}, {"count", count}});
    }
    release_at_ = std::min(release_at_, room->held().next_deadline());
  }
}

void Relay::vacate(Visitor& visitor, std::string_view reason) {
  Room& room = *std::exchange(visitor.room, nullptr);
  const auto left = room.leave(*std::exchange(visitor.seat, nullptr));
  --seated_;
  log_left(log_, room, *left, reason);
  announce(room, nullptr, ctrl::encode(ctrl::PeerLeft{.peer = left->id, .reason = std::string(reason)}));
}

void Relay::greet(Visitor& newcomer, std::string own_proof) {
  const Room& room = *newcomer.room;
  const Seat& seat = *newcomer.seat;
  const LimitsConfig& limits = room.rules().limits;
  ctrl::Welcome welcome{
      .peer = seat.id,
      .mtu = config_.room_mtu,
      .gateway = room.gateway() ? room.gateway()->id : kRelayPeer,
      .limits = seat.is_gateway() ? limits.gateway : limits.client,
      .keep_alive_ms = static_cast<std::uint32_t>(config_.keep_alive / std::chrono::milliseconds(1)),
      .software = config_.software,
      .capabilities = {std::string(ctrl::kCapFragment), std::string(ctrl::kCapEcho), std::string(ctrl::kCapFiller)},
      .scram = std::move(own_proof)};
  send(newcomer, std::move(welcome));
  for (const auto& present : room.seats()) {
    if (present.get() != &seat) offer(newcomer, present->introduction);
  }
  announce(room, &seat, seat.introduction);
}

void Relay::announce(const Room& room, const Seat* except, Bytes encoded) {
  for (const auto& seat : room.seats()) {
    if (seat.get() != except) offer(*visitor_of(*seat->link), encoded);
  }
}

void Relay::send(Visitor& to, const ctrl::Message& message) { offer(to, ctrl::encode(message)); }

void Relay::offer(Visitor& to, Bytes encoded) {
  if (!to.link->send_control(encoded)) too_slow_.push_back(&to);
}

void Relay::reject(TimePoint now, Visitor& visitor, const ctrl::Reject& reject, std::string_view room) {
  refusals_.refused(now, visitor.link->peer_address(), room,
                    fmt::format("{}: {}", ctrl::to_string(reject.code), reject.message));
  ++rejected_[static_cast<std::size_t>(reject.code)];
  send(visitor, reject);
  close(visitor, CloseCode::rejected, reject.message);
}

void Relay::kick(TimePoint now, std::span<const Seat* const> seats, std::string_view reason) {
  for (const Seat* seat : seats) close(*visitor_of(*seat->link), CloseCode::rejected, reason);
  settle(now);
}

// A visitor hears in a reject what was wrong; a member's program has no use for one.
void Relay::fail_protocol(TimePoint now, Visitor& visitor, std::string_view reason) {
  if (!visitor.is_seated()) {
    refusals_.refused(now, visitor.link->peer_address(), "", reason);
    send(visitor, ctrl::Reject{.code = ctrl::RejectCode::malformed,
                               .message = fmt::format("This relay cannot understand the program: {}.", reason)});
  }
  close(visitor, CloseCode::protocol_error, reason);
}

void Relay::close(Visitor& visitor, CloseCode code, std::string_view reason) {
  link::Link& link = *visitor.link;
  if (visitor.is_seated()) vacate(visitor, reason);
  forget(visitor);
  link.close(code, reason);
}

void Relay::forget(Visitor& visitor) {
  std::exchange(visitor.link, nullptr)->context = nullptr;
  hello_deadlines_.remove(visitor);
  const std::size_t index = visitor.index;
  std::swap(visitors_[index], visitors_.back());
  visitors_[index]->index = index;
  gone_.push_back(std::move(visitors_.back()));
  visitors_.pop_back();
}

void Relay::settle(TimePoint now) {
  while (!too_slow_.empty()) {
    Visitor& slow = *too_slow_.back();
    too_slow_.pop_back();
    if (!slow.link) continue;
    if (slow.is_seated()) hold_seat(now, slow);
    close(slow, CloseCode::too_slow, "the control stream was not read");
  }
  close_empty_rooms();
  gone_.clear();
}

}  // namespace softlan::relay
