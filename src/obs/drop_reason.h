// Every reason a frame or datagram dies, in one list. The enumerator is also the log field and the metric label.
//
// A new way to drop brings an enumerator here, its sentence in describe(), and a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace softlan::obs {

enum class DropReason : std::uint8_t {
  none,  // not dropped
  // datagrams that are not what they should be
  malformed_datagram,  // overlay header too short, unknown kind or version
  malformed_fragment,  // outside its frame, overlapping, too many parts
  duplicate_fragment,
  reassembly_timeout,  // a part never came
  not_seated,          // before welcome, or after leaving
  unknown_sender,      // from a peer nobody announced
  filler,              // padding and path probes, meant to be ignored
  // frames that are not what they should be
  runt,            // shorter than an Ethernet header
  jumbo,           // longer than 1522 bytes
  forged_source,   // source MAC is not the sender's to use
  invalid_source,  // multicast or zero as source
  bad_offload,     // super-frame or checksum request that makes no sense
  // guards
  switch_control,        // spanning tree, LLDP, CDP, ...
  eapol,                 // port authentication (802.1X)
  pause,                 // flow control of one cable
  hidden_header,         // from a client, and the guards cannot see what it is
  dhcp_server,           // DHCP server message from a client
  router_advertisement,  // RA or redirect from a client
  vlan_tag,              // of a VLAN that clients may not use
  address_claim,         // a client's ARP or neighbour discovery for an address that is not its own
  forged_address,        // a client's packet from an address that is not its own
  home_shield,           // between clients, to file sharing or remote control of a home PC
  // forwarding
  no_gateway,        // unknown unicast while no gateway is here
  unknown_unicast,   // from the gateway, to a MAC nobody here owns
  own_segment,       // the destination is on the segment it came from
  not_for_members,   // LAN unicast between LAN hosts
  reflected,         // our own frame came back
  loop,              // forwarding is stopped, because of a loop
  member_on_lan,     // a member's MAC as source on the LAN, and no frame of ours
  beacon,            // a gateway's own frame, which is not for hosts and not from clients
  tunnel_in_tunnel,  // the tunnel's own packets, routed into the tunnel
  // limits
  storm_control,  // broadcasts of one kind
  broadcast_limit,
  unknown_unicast_limit,
  bandwidth_limit,
  room_bandwidth_limit,
  // queues and machine
  queue_full,      // bounded in bytes; the oldest frame of the largest flow
  queue_late,      // waited longer than the queue allows
  queue_standing,  // its flow has not emptied for a while: the sign to slow down
  no_buffer,       // frame pool empty
  link_down,       // no connection to send it on
  device_refused,  // the TAP or the packet socket would not take it
  count_           // not a reason: how many there are
};

inline constexpr std::size_t kDropReasonCount = static_cast<std::size_t>(DropReason::count_);

// The enumerator's own name.
[[nodiscard]] std::string_view to_string(DropReason reason);
// One short sentence for a person.
[[nodiscard]] std::string_view describe(DropReason reason);

}  // namespace softlan::obs
