// Reading Ethernet frames: addresses, VLAN tags, ethertype or 802.3 length, and the IP headers up to the transport
// header. No copy, no allocation, never a byte past the end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/address.h"
#include "base/bytes.h"
#include "proto/mac.h"

namespace softlan::proto {

inline constexpr std::size_t kEthernetHeaderSize = 14;

namespace protocol {
inline constexpr std::uint8_t icmp = 1;
inline constexpr std::uint8_t tcp = 6;
inline constexpr std::uint8_t udp = 17;
inline constexpr std::uint8_t icmpv6 = 58;
}  // namespace protocol

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
  std::uint8_t vlan_tags = 0;                  // 0 to 2 tags were skipped
  std::array<std::uint16_t, 2> vlan_ids = {};  // of those, the outer one first; 0: a priority tag, of no VLAN
  std::uint16_t ethertype = 0;                 // after the tags; below 0x0600 it is an 802.3 length (LLC follows)
  Bytes payload;                               // after the ethertype; may be empty

  [[nodiscard]] bool is_llc() const { return ethertype < 0x0600; }
};

// Empty when the frame is shorter than its Ethernet header (tags included).
[[nodiscard]] std::optional<FrameView> parse_frame(Bytes frame);

// How far the headers of an IP packet lead.
enum class HeaderChain : std::uint8_t {
  not_ip,
  broken,  // no receiver would accept it
  hidden,  // a receiver may see more than we do: over eight extension headers, a first fragment that ends before its
           // transport header does (RFC 7112), or a fragment that would overwrite a TCP header (RFC 3128)
  whole    // to the transport header, or in a later fragment to its data
};

// An IP packet and the transport header inside, IPv6 extension headers skipped (RFC 8200, section 4).
struct TransportView {
  std::uint8_t protocol = 0;  // 17 UDP, 6 TCP, 58 ICMPv6, ...
  std::uint8_t hop_limit = 0;
  IpAddress source;
  IpAddress destination;
  bool first_fragment = true;  // false: a later fragment, `header` is not a transport header
  bool is_fragment = false;
  Bytes header;  // from the transport header to the end of the packet, padding left out; may be cut short or empty

  // Whether `header` begins with a header of `wanted`.
  [[nodiscard]] bool carries(std::uint8_t wanted) const { return protocol == wanted && first_fragment; }
};

// A frame and what it carries, looked at once.
struct PacketView {
  FrameView frame;
  HeaderChain chain = HeaderChain::not_ip;
  TransportView transport;  // only of a whole chain
};

// Empty when parse_frame() is.
[[nodiscard]] std::optional<PacketView> parse_packet(Bytes frame);
// Empty unless the chain is whole.
[[nodiscard]] std::optional<TransportView> parse_transport(const FrameView& frame);

// Bytes of the IPv6 extension header `type` at the start of `rest`, of which two are there; 0 when it is not one to
// skip.
[[nodiscard]] std::size_t extension_size(std::uint8_t type, Bytes rest);

[[nodiscard]] bool is_vlan_tag(std::uint16_t type);
// The ethertype in an 802.3 frame with a SNAP header of RFC 1042 or IEEE 802.1H, which Wi-Fi access points turn into an
// ordinary one; 0 when it has none.
[[nodiscard]] std::uint16_t snap_ethertype(const FrameView& frame);
// Frames a bridge consumes and never forwards: 01:80:c2:00:00:00-0f, GARP/MRP -20..-2f, Cisco CDP/PVST
// 01:00:0c:cc:cc:cc and cd, PAUSE (IEEE 802.1D, table 7-10; 802.1Q, 8.6.3).
[[nodiscard]] bool is_switch_control(const FrameView& frame);

// "ipv4", "arp", "ipv6", "vlan", "llc 39", "0x88b5": for the frame log.
[[nodiscard]] std::string describe_ethertype(const FrameView& frame);

}  // namespace softlan::proto
