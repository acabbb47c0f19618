#include "relay/addresses.h"

#include "proto/arp.h"
#include "proto/dhcp.h"
#include "proto/icmp.h"

namespace softlan::relay {

using obs::DropReason;
using proto::HeaderChain;

namespace {

bool is_unspecified(const IpAddress& ip) { return ip == IpAddress{ip.family, {}}; }

// Whether a host may have it. Not so: multicast, broadcast, loopback, and "this network" (RFC 6890).
bool may_be_owned(const IpAddress& ip) {
  const std::uint8_t first = ip.bytes[0];
  if (ip.family == IpAddress::Family::v4) return first != 0 && first != 127 && first < 224;
  constexpr IpAddress loopback{IpAddress::Family::v6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  return first != 0xff && ip != loopback && !is_unspecified(ip);
}

bool claim(TimePoint now, Bindings& bindings, const IpAddress& ip, const proto::Mac& client) {
  return may_be_owned(ip) && bindings.claim(now, ip, client);
}

// An ARP message that cannot be read is taken for a claim, too.
bool may_say(TimePoint now, Bindings& bindings, const proto::FrameView& frame) {
  const auto arp = proto::parse_arp(frame);
  if (!arp || arp->sender_mac != frame.source) return false;
  if (!is_unspecified(arp->sender)) return claim(now, bindings, arp->sender, frame.source);
  (void)claim(now, bindings, arp->target, frame.source);
  return true;
}

bool may_say(TimePoint now, Bindings& bindings, const proto::NeighbourView& neighbour, const proto::Mac& client) {
  if (neighbour.contradictory || neighbour.link_address.value_or(client) != client) return false;
  const bool claimed = claim(now, bindings, neighbour.address, client);
  return claimed || neighbour.is_probe || is_unspecified(neighbour.address);
}

bool is_clients(const Room& room, const proto::Mac& mac) {
  const Seat* seat = room.owner(mac);
  return seat && !seat->is_gateway();
}

void learn(TimePoint now, Room& room, const IpAddress& ip, const proto::Mac& mac) {
  if (may_be_owned(ip) && !is_clients(room, mac)) room.bindings().see_on_lan(now, ip, mac);
}

void learn_lease(TimePoint now, Room& room, const proto::DhcpLease& lease) {
  if (!is_clients(room, lease.client)) return learn(now, room, lease.address, lease.client);
  if (may_be_owned(lease.address)) room.bindings().lease(now, lease.address, lease.client);
}

}  // namespace

DropReason check_claims(TimePoint now, Bindings& bindings, const proto::PacketView& packet) {
  const proto::Mac& client = packet.frame.source;
  if (packet.frame.ethertype == proto::ethertype::arp)
    return may_say(now, bindings, packet.frame) ? DropReason::none : DropReason::address_claim;
  if (packet.chain != HeaderChain::whole) return DropReason::none;
  const auto neighbour = proto::parse_neighbour(packet.transport);
  if (neighbour && !may_say(now, bindings, *neighbour, client)) return DropReason::address_claim;
  const IpAddress& source = packet.transport.source;
  return is_unspecified(source) || claim(now, bindings, source, client) ? DropReason::none : DropReason::forged_address;
}

void learn_addresses(TimePoint now, Room& room, const proto::PacketView& packet) {
  const proto::Mac& host = packet.frame.source;
  if (const auto arp = proto::parse_arp(packet.frame)) return learn(now, room, arp->sender, arp->sender_mac);
  if (packet.chain != HeaderChain::whole) return;
  const auto neighbour = proto::parse_neighbour(packet.transport);
  if (neighbour && !neighbour->is_probe)
    return learn(now, room, neighbour->address, neighbour->link_address.value_or(host));
  if (const auto lease = proto::parse_dhcp_ack(packet.transport)) learn_lease(now, room, *lease);
  room.bindings().refresh(now, packet.transport.source, host);
}

}  // namespace softlan::relay
