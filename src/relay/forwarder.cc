#include "relay/forwarder.h"

#include "proto/group_report.h"
#include "relay/addresses.h"
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

DropReason check_addresses(TimePoint now, Room& room, const Seat& from, const proto::PacketView& packet) {
  if (!room.guards().address_claims) return DropReason::none;
  if (!from.is_gateway()) return check_claims(now, room.bindings(), packet);
  learn_addresses(now, room, packet);
  return DropReason::none;
}

// A client's packet to another client, though it may go round by a router on the LAN.
bool is_for_a_client(TimePoint now, Room& room, const Seat* target, const proto::PacketView& packet) {
  if (target && !target->is_gateway()) return true;
  const auto owner = room.bindings().owner(now, packet.transport.destination);
  return owner && !owner->on_lan;
}

bool is_report(const proto::PacketView& packet) {
  return packet.chain == proto::HeaderChain::whole && proto::is_group_report(packet.transport);
}

}  // namespace

Verdict Forwarder::decide(TimePoint now, Room& room, Seat& from, Bytes frame) {
  targets_.clear();
  mss_.reset();
  DropReason drop = judge(now, room, from, frame);
  if (!room.limits().take_copies(now, frame.size(), targets_.size())) {
    targets_.clear();
    drop = DropReason::room_bandwidth_limit;
  }
  return {drop, targets_, mss_};
}

DropReason Forwarder::judge(TimePoint now, Room& room, Seat& from, Bytes frame) {
  const auto packet = proto::parse_packet(frame);
  if (!packet) return DropReason::runt;
  const proto::Mac& source = packet->frame.source;
  if (const auto drop = check_source(room, from, source); drop != DropReason::none) return drop;
  if (const auto drop = guard(room.guards(), from.role, *packet); drop != DropReason::none) return drop;
  if (from.is_gateway()) room.lan_hosts().learn(now, source);
  if (const auto drop = check_addresses(now, room, from, *packet); drop != DropReason::none) return drop;
  if (!from.limits.take_bytes(now, frame.size())) return DropReason::bandwidth_limit;
  mss_ = proto::find_tcp_mss(*packet);
  return choose_targets(now, room, from, *packet);
}

DropReason Forwarder::choose_targets(TimePoint now, Room& room, Seat& from, const proto::PacketView& packet) {
  const proto::Mac& destination = packet.frame.destination;
  if (destination.is_multicast()) return choose_everybody(now, room, from, packet);
  const bool shielded = !from.is_gateway() && is_shielded(room.guards(), packet);
  Seat* owner = room.owner(destination);
  if (owner == &from) return DropReason::own_segment;
  if (shielded && is_for_a_client(now, room, owner, packet)) return DropReason::home_shield;
  if (owner == nullptr) return choose_stranger(now, room, from, destination);
  targets_.push_back(owner);
  return DropReason::none;
}

DropReason Forwarder::choose_everybody(TimePoint now, Room& room, Seat& from, const proto::PacketView& packet) {
  if (!from.limits.take_broadcast_kind(now, packet)) return DropReason::storm_control;
  if (!from.limits.take_broadcast(now)) return DropReason::broadcast_limit;
  const bool shielded = !from.is_gateway() && is_shielded(room.guards(), packet);
  const bool for_gateway = shielded || (!from.is_gateway() && is_report(packet));
  for (const auto& seat : room.seats()) {
    const bool reached = seat->is_gateway() || !for_gateway;
    if (seat.get() != &from && reached) targets_.push_back(seat.get());
  }
  if (!for_gateway || !targets_.empty()) return DropReason::none;
  return shielded ? DropReason::home_shield : DropReason::no_gateway;
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
