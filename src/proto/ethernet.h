// Reading Ethernet frames: addresses, VLAN tags, ethertype or 802.3 length, and the little of IP, UDP, ICMPv6 and ARP
// that forwarding and the guards need. No copy, no allocation, never a byte past the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/address.h"
#include "base/bytes.h"
#include "proto/mac.h"

namespace softlan::proto {

inline constexpr std::size_t kEthernetHeaderSize = 14;

namespace ethertype {
inline constexpr std::uint16_t ipv4 = 0x0800;
inline constexpr std::uint16_t arp = 0x0806;
inline constexpr std::uint16_t vlan = 0x8100;          // 802.1Q customer tag
inline constexpr std::uint16_t service_vlan = 0x88a8;  // 802.1ad service tag
inline constexpr std::uint16_t ipv6 = 0x86dd;
inline constexpr std::uint16_t pause = 0x8808;
inline constexpr std::uint16_t eapol = 0x888e;
// Ours, from the range IEEE 802 leaves for local experiments: CAM refresh frames of the gateway.
inline constexpr std::uint16_t softlan = 0x88b5;
}  // namespace ethertype

// One frame, looked at once. Views point into the caller's bytes.
struct FrameView {
  Bytes bytes;
  Mac destination;
  Mac source;
  std::uint8_t vlan_tags = 0;   // 0 to 2 tags were skipped
  std::uint16_t ethertype = 0;  // after the tags; below 0x0600 it is an 802.3 length (LLC follows)
  Bytes payload;                // after the ethertype; may be empty

  [[nodiscard]] bool is_llc() const { return ethertype < 0x0600; }
};

// Empty when the frame is shorter than its Ethernet header (tags included).
[[nodiscard]] std::optional<FrameView> parse_frame(Bytes frame);

// The UDP or ICMPv6 header inside an IP packet, IPv6 extension headers skipped (RFC 8200, section 4).
struct TransportView {
  std::uint8_t protocol = 0;  // 17 UDP, 6 TCP, 58 ICMPv6, ...
  IpAddress source;
  IpAddress destination;
  bool first_fragment = true;  // false: a later fragment, `header` is not a transport header
  bool is_fragment = false;
  Bytes header;  // from the transport header to the end of the packet, padding left out; may be cut short or empty
};

// Empty when the frame is not IPv4 or IPv6, its IP headers are broken or cut short, or it has more than eight
// extension headers.
[[nodiscard]] std::optional<TransportView> parse_transport(const FrameView& frame);

// The guards below also answer true for an IPv6 packet that hides what it carries, behind more than eight extension
// headers or in a first fragment that ends before the transport header (RFC 7112, RFC 7113).
//
// A DHCPv4 (from UDP port 67) or DHCPv6 (from UDP port 547) server message (RFC 2131, RFC 8415).
[[nodiscard]] bool is_dhcp_server_message(const FrameView& frame);
// An ICMPv6 router advertisement (type 134) or redirect (type 137), RFC 4861.
[[nodiscard]] bool is_router_advertisement(const FrameView& frame);
// Frames a bridge consumes and never forwards: 01:80:c2:00:00:00-0f, GARP/MRP -20..-2f, Cisco CDP/PVST
// 01:00:0c:cc:cc:cc and cd, PAUSE (IEEE 802.1D, table 7-10; 802.1Q, 8.6.3).
[[nodiscard]] bool is_switch_control(const FrameView& frame);

// "ipv4", "arp", "ipv6", "vlan", "llc 39", "0x88b5": for the frame log.
[[nodiscard]] std::string describe_ethertype(const FrameView& frame);

}  // namespace softlan::proto
