#include "relay/forwarder.h"

#include "relay/guards.h"

namespace softlan::relay {

using obs::DropReason;

namespace {

DropReason check_source(const Room& room, const Seat& from, const proto::Mac& source) {
  if (!proto::may_own(source)) return DropReason::invalid_source;
  if (!from.is_gateway()) return source == from.mac ? DropReason::none : DropReason::forged_source;
  const Seat* owner = room.owner(source);
  return owner == nullptr || owner == &from ? DropReason::none : DropReason::forged_source;
}

}  // namespace

Verdict Forwarder::decide(TimePoint now, Room& room, Seat& from, Bytes frame) {
  targets_.clear();
  const DropReason drop = judge(now, room, from, frame);
  return {drop, targets_};
}

DropReason Forwarder::judge(TimePoint now, Room& room, Seat& from, Bytes frame) {
  const auto view = proto::parse_frame(frame);
  if (!view) return DropReason::runt;
  if (const auto drop = check_source(room, from, view->source); drop != DropReason::none) return drop;
  if (const auto drop = guard(from.role, *view); drop != DropReason::none) return drop;
  if (from.is_gateway()) room.lan_hosts().learn(now, view->source);
  if (!from.limits.take_bytes(now, frame.size())) return DropReason::bandwidth_limit;
  return choose_targets(now, room, from, view->destination);
}

DropReason Forwarder::choose_targets(TimePoint now, Room& room, Seat& from, const proto::Mac& destination) {
  if (destination.is_multicast()) {
    if (!from.limits.take_broadcast(now)) return DropReason::broadcast_limit;
    for (const auto& seat : room.seats()) {
      if (seat.get() != &from) targets_.push_back(seat.get());
    }
    return DropReason::none;
  }
  Seat* owner = room.owner(destination);
  if (owner == nullptr) return choose_stranger(now, room, from, destination);
  if (owner == &from) return DropReason::own_segment;
  targets_.push_back(owner);
  return DropReason::none;
}

// The destination is no member's MAC.
DropReason Forwarder::choose_stranger(TimePoint now, Room& room, Seat& from, const proto::Mac& destination) {
  const bool on_lan = room.lan_hosts().knows(now, destination);
  if (from.is_gateway()) return on_lan ? DropReason::own_segment : DropReason::unknown_unicast;
  if (room.gateway() == nullptr) return DropReason::no_gateway;
  if (!on_lan && !from.limits.take_unknown_unicast(now)) return DropReason::unknown_unicast_limit;
  targets_.push_back(room.gateway());
  return DropReason::none;
}

}  // namespace softlan::relay
