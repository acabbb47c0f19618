// Who speaks for which IP address: what clients say is checked against a room's bindings, what the LAN says teaches
// them.
//
// A claim is an ARP or neighbour discovery message that says where an address is found, and any IP packet's source.
// Asking whether an address is taken (RFC 5227, RFC 4862) is always allowed, and reserves the address when it is free.
#pragma once

#include "base/time.h"
#include "obs/drop_reason.h"
#include "proto/ethernet.h"
#include "relay/bindings.h"
#include "relay/room.h"

namespace softlan::relay {

// Of a client's frame whose source MAC is the client's: address_claim for ARP and neighbour discovery, forged_address
// for any other packet, `none` when it may pass.
[[nodiscard]] obs::DropReason check_claims(TimePoint now, Bindings& bindings, const proto::PacketView& packet);

// Of a frame from the LAN: ARP, neighbour discovery and DHCP's ACKs.
void learn_addresses(TimePoint now, Room& room, const proto::PacketView& packet);

}  // namespace softlan::relay
