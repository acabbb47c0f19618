#include "obs/drop_reason.h"

#include <array>

namespace softlan::obs {
namespace {

struct Entry {
  DropReason reason;
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<Entry, kDropReasonCount> kEntries{{
    {DropReason::none, "none", "Not dropped."},
    {DropReason::malformed_datagram, "malformed_datagram",
     "The datagram is too short, or its version, kind or length is unknown."},
    {DropReason::malformed_fragment, "malformed_fragment",
     "The fragment lies outside its frame, overlaps another or is one too many."},
    {DropReason::duplicate_fragment, "duplicate_fragment", "The fragment had arrived before."},
    {DropReason::reassembly_timeout, "reassembly_timeout", "A fragment of the frame did not arrive in time."},
    {DropReason::not_seated, "not_seated", "The sender has no seat in a room."},
    {DropReason::unknown_sender, "unknown_sender", "The relay has not announced the sender."},
    {DropReason::filler, "filler", "Padding or a path probe, meant to be ignored."},
    {DropReason::runt, "runt", "The frame is shorter than an Ethernet header."},
    {DropReason::jumbo, "jumbo", "The frame is longer than 1522 bytes."},
    {DropReason::forged_source, "forged_source", "The sender may not use this source MAC address."},
    {DropReason::invalid_source, "invalid_source", "The source MAC address is multicast or zero."},
    {DropReason::bad_offload, "bad_offload", "The frame's segmentation or checksum request makes no sense."},
    {DropReason::switch_control, "switch_control", "Spanning tree, LLDP and the like stay on their own segment."},
    {DropReason::eapol, "eapol", "Port authentication (802.1X) is between a host and its own switch."},
    {DropReason::pause, "pause", "Flow control (PAUSE) is between the two ends of one cable."},
    {DropReason::hidden_header, "hidden_header", "The client's packet hides what it carries."},
    {DropReason::dhcp_server, "dhcp_server", "A client may not act as a DHCP server."},
    {DropReason::router_advertisement, "router_advertisement", "A client may not act as a router."},
    {DropReason::vlan_tag, "vlan_tag", "The client used a VLAN that is not open to clients."},
    {DropReason::address_claim, "address_claim", "The client claimed an IP address that belongs to another."},
    {DropReason::forged_address, "forged_address", "The client sent from an IP address that is not its own."},
    {DropReason::home_shield, "home_shield",
     "File sharing and remote control of another player's PC are closed in this room."},
    {DropReason::no_gateway, "no_gateway", "The destination is not in the room and no gateway is here."},
    {DropReason::unknown_unicast, "unknown_unicast", "The gateway sent to a MAC address that nobody here owns."},
    {DropReason::own_segment, "own_segment", "The destination is on the segment the frame came from."},
    {DropReason::not_for_members, "not_for_members", "Traffic between two hosts of the LAN."},
    {DropReason::reflected, "reflected", "Our own frame came back from the LAN."},
    {DropReason::loop, "loop", "There is a loop: players and LAN are kept apart until it is gone."},
    {DropReason::member_on_lan, "member_on_lan", "A member's MAC address was in use on the LAN itself."},
    {DropReason::beacon, "beacon", "A gateway's own frame, which stays where it is and which clients may not send."},
    {DropReason::tunnel_in_tunnel, "tunnel_in_tunnel", "The tunnel's own packets were routed into the tunnel."},
    {DropReason::storm_control, "storm_control", "More broadcasts of one kind than may pass."},
    {DropReason::broadcast_limit, "broadcast_limit", "More broadcasts than may pass."},
    {DropReason::unknown_unicast_limit, "unknown_unicast_limit",
     "The client sent more frames to unknown destinations than it may."},
    {DropReason::bandwidth_limit, "bandwidth_limit", "The client sent more bytes than it may."},
    {DropReason::room_bandwidth_limit, "room_bandwidth_limit", "The room's members sent more bytes than it may carry."},
    {DropReason::queue_full, "queue_full", "The send queue was full; the oldest frame of its largest flow made room."},
    {DropReason::queue_late, "queue_late", "The frame waited in the send queue for too long."},
    {DropReason::queue_standing, "queue_standing",
     "Its flow filled the line for a while; one frame less tells the sender to slow down."},
    {DropReason::no_buffer, "no_buffer", "No frame buffer was free."},
    {DropReason::link_down, "link_down", "There was no connection to send the frame on."},
    {DropReason::device_refused, "device_refused", "The network device would not take the frame."},
}};

consteval bool entries_follow_the_enumeration() {
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<std::size_t>(kEntries[i].reason) != i || kEntries[i].sentence.empty()) return false;
  }
  return true;
}
static_assert(entries_follow_the_enumeration());

const Entry& entry_of(DropReason reason) {
  const auto index = static_cast<std::size_t>(reason);
  return kEntries[index < kEntries.size() ? index : 0];
}

}  // namespace

std::string_view to_string(DropReason reason) { return entry_of(reason).name; }
std::string_view describe(DropReason reason) { return entry_of(reason).sentence; }

}  // namespace softlan::obs
