// Builders of Ethernet frames for tests of every room: complete, with right lengths and checksums, from named fields.
//
//   const auto ping = vlan(ipv4_udp(kBroadcastMac, test_mac(1), {.source_port = 68, .destination_port = 67}), 7);
//
// Checksums are summed here in the plainest way, two bytes at a time, so that they can judge proto/checksum.h.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "proto/ethernet.h"
#include "proto/mac.h"

namespace softlan::proto::test {

using Frame = std::vector<std::uint8_t>;

inline constexpr Mac kBroadcastMac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
inline constexpr Mac kAllNodesMac{{0x33, 0x33, 0x00, 0x00, 0x00, 0x01}};  // ff02::1

inline constexpr std::uint8_t kProtocolIcmp = 1;
inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;
inline constexpr std::uint8_t kProtocolIcmpv6 = 58;

// 02:00:00:00:00:NN
inline Mac test_mac(std::uint8_t number) { return Mac{{0x02, 0, 0, 0, 0, number}}; }

inline IpAddress ip(std::string_view literal) { return parse_ip(literal).value(); }

// What the builders take for the address of the host with this MAC: 192.0.2.N and fe80::N, N its last byte.
inline IpAddress ipv4_of(const Mac& mac) { return {IpAddress::Family::v4, {192, 0, 2, mac.bytes[5]}}; }
inline IpAddress ipv6_of(const Mac& mac) {
  IpAddress address = ip("fe80::");
  address.bytes[15] = mac.bytes[5];
  return address;
}

// `size` bytes 0, 1, 2, ... so that a byte out of place is seen.
inline Frame pattern(std::size_t size) {
  Frame bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

inline void append(Frame& to, Bytes bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }
inline void append_be16(Frame& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}
inline void append_be32(Frame& to, std::uint32_t value) {
  append_be16(to, value >> 16);
  append_be16(to, value & 0xffff);
}

// ---- Ethernet

inline Frame ethernet(const Mac& to, const Mac& from, std::uint16_t type, Bytes payload) {
  Frame frame;
  append(frame, to.bytes);
  append(frame, from.bytes);
  append_be16(frame, type);
  append(frame, payload);
  return frame;
}

// `frame` with a tag pushed in front of those it has.
inline Frame vlan(const Frame& frame, std::uint16_t vlan_id, std::uint16_t tag_type = ethertype::vlan) {
  Frame tagged(frame.begin(), frame.begin() + 12);
  append_be16(tagged, tag_type);
  append_be16(tagged, vlan_id);
  tagged.insert(tagged.end(), frame.begin() + 12, frame.end());
  return tagged;
}

// An ARP request (broadcast) for `target`, sent by `from` in the name of `sender_mac`.
inline Frame arp(const Mac& from, const IpAddress& sender, const IpAddress& target, const Mac& sender_mac) {
  Frame body = {0, 1, 0x08, 0x00, 6, 4, 0, 1};
  append(body, sender_mac.bytes);
  append(body, Bytes(sender.bytes).first(4));
  append(body, Mac{}.bytes);
  append(body, Bytes(target.bytes).first(4));
  return ethernet(kBroadcastMac, from, ethertype::arp, body);
}
inline Frame arp(const Mac& from, const IpAddress& sender, const IpAddress& target) {
  return arp(from, sender, target, from);
}
// Asking whether anybody has `address` before taking it (RFC 5227).
inline Frame arp_probe(const Mac& from, const IpAddress& address) { return arp(from, ip("0.0.0.0"), address); }

// An 802.3 frame: a length instead of an ethertype, then LLC (a spanning tree's 42 42 03 by default).
inline Frame llc(const Mac& to, const Mac& from, Bytes body = Frame{0x42, 0x42, 0x03}) {
  return ethernet(to, from, static_cast<std::uint16_t>(body.size()), body);
}

// `frame` in 802.3 form: its ethertype in a SNAP header of RFC 1042.
inline Frame snap(const Frame& frame) {
  Frame body = {0xaa, 0xaa, 0x03, 0, 0, 0};
  body.insert(body.end(), frame.begin() + 12, frame.end());
  return llc(Mac::load(frame.data()), Mac::load(frame.data() + 6), body);
}

// ---- checksums (RFC 1071)

inline std::uint32_t plain_sum(Bytes data, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    sum += i % 2 == 0 ? std::uint32_t{data[i]} << 8 : std::uint32_t{data[i]};
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

inline std::size_t address_size(const IpAddress& address) { return address.family == IpAddress::Family::v4 ? 4 : 16; }

// The sum over the pseudo header of RFC 9293, section 3.1 or RFC 8200, section 8.1.
inline std::uint32_t pseudo_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::size_t length) {
  Frame pseudo;
  append(pseudo, Bytes(source.bytes).first(address_size(source)));
  append(pseudo, Bytes(destination.bytes).first(address_size(destination)));
  append_be32(pseudo, static_cast<std::uint32_t>(length));
  append_be32(pseudo, protocol);
  return plain_sum(pseudo);
}

// `segment` with its checksum, found at `checksum_at`, filled in.
inline Frame with_checksum(Frame segment, std::size_t checksum_at, const IpAddress& source,
                           const IpAddress& destination, std::uint8_t protocol) {
  const std::uint32_t sum = plain_sum(segment, pseudo_sum(source, destination, protocol, segment.size()));
  store_be16(&segment[checksum_at], static_cast<std::uint16_t>(~sum));
  return segment;
}

// ---- IP

struct Ipv4 {
  IpAddress source = ip("192.0.2.1");
  IpAddress destination = ip("192.0.2.2");
  std::uint8_t protocol = kProtocolUdp;
  std::uint16_t id = 1;
  bool more_fragments = false;
  std::size_t fragment_offset = 0;  // bytes, a multiple of 8
  Frame options = {};               // a multiple of 4 bytes, at most 40
  Frame payload = {};
};

inline Frame ipv4(const Mac& to, const Mac& from, const Ipv4& packet) {
  Frame header = {static_cast<std::uint8_t>(0x40 + 5 + packet.options.size() / 4), 0};
  append_be16(header, 20 + packet.options.size() + packet.payload.size());
  append_be16(header, packet.id);
  append_be16(header, (packet.more_fragments ? 0x2000U : 0U) | packet.fragment_offset / 8);
  append(header, Frame{64, packet.protocol, 0, 0});
  append(header, Bytes(packet.source.bytes).first(4));
  append(header, Bytes(packet.destination.bytes).first(4));
  append(header, packet.options);
  store_be16(&header[10], static_cast<std::uint16_t>(~plain_sum(header)));
  append(header, packet.payload);
  return ethernet(to, from, ethertype::ipv4, header);
}

// An IPv6 extension header: its type, and all of its bytes but the first (which names what follows).
struct Extension {
  std::uint8_t type = 0;
  Frame rest;
};
inline Extension hop_by_hop() { return {0, {0, 1, 4, 0, 0, 0, 0}}; }
inline Extension destination_options() { return {60, {1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}; }
inline Extension fragment_header(std::size_t offset, bool more) {
  Frame rest = {0};
  append_be16(rest, offset | (more ? 1U : 0U));
  append_be32(rest, 77);
  return {44, rest};
}

struct Ipv6 {
  IpAddress source = ip("fe80::1");
  IpAddress destination = ip("ff02::1");
  std::uint8_t protocol = kProtocolUdp;
  std::vector<Extension> extensions = {};
  Frame payload = {};
};

inline Frame ipv6(const Mac& to, const Mac& from, const Ipv6& packet) {
  Frame body;
  for (std::size_t i = 0; i < packet.extensions.size(); ++i) {
    body.push_back(i + 1 < packet.extensions.size() ? packet.extensions[i + 1].type : packet.protocol);
    append(body, packet.extensions[i].rest);
  }
  append(body, packet.payload);

  Frame header = {0x60, 0, 0, 0};
  append_be16(header, body.size());
  header.push_back(packet.extensions.empty() ? packet.protocol : packet.extensions.front().type);
  header.push_back(255);
  append(header, packet.source.bytes);
  append(header, packet.destination.bytes);
  append(header, body);
  return ethernet(to, from, ethertype::ipv6, header);
}

// ---- transport

struct Udp {
  IpAddress source = {};       // none: that of the sender's MAC
  IpAddress destination = {};  // none: the default of Ipv4 or Ipv6
  std::uint16_t source_port = 40000;
  std::uint16_t destination_port = 27015;
  Frame payload = {'h', 'e', 'l', 'l', 'o'};
  std::vector<Extension> extensions = {};  // IPv6 only
};

struct Tcp {
  IpAddress source = {};
  IpAddress destination = {};
  std::uint16_t source_port = 40000;
  std::uint16_t destination_port = 27015;
  std::uint32_t sequence = 1000;
  std::uint8_t flags = 0x10;  // ACK
  Frame options = {};         // a multiple of 4 bytes
  Frame payload = {};
  std::uint16_t id = 1;                    // IPv4 only
  std::vector<Extension> extensions = {};  // IPv6 only
};

inline IpAddress address_or(const IpAddress& given, const IpAddress& otherwise) {
  return given.family == IpAddress::Family::none ? otherwise : given;
}

// Header and payload, checksum included.
inline Frame udp_bytes(const IpAddress& source, const IpAddress& destination, const Udp& udp) {
  Frame bytes;
  append_be16(bytes, udp.source_port);
  append_be16(bytes, udp.destination_port);
  append_be16(bytes, 8 + udp.payload.size());
  append_be16(bytes, 0);
  append(bytes, udp.payload);
  return with_checksum(std::move(bytes), 6, source, destination, kProtocolUdp);
}
inline Frame tcp_bytes(const IpAddress& source, const IpAddress& destination, const Tcp& tcp) {
  Frame bytes;
  append_be16(bytes, tcp.source_port);
  append_be16(bytes, tcp.destination_port);
  append_be32(bytes, tcp.sequence);
  append_be32(bytes, 5000);
  bytes.push_back(static_cast<std::uint8_t>((5 + tcp.options.size() / 4) << 4));
  bytes.push_back(tcp.flags);
  append_be16(bytes, 64240);
  append_be32(bytes, 0);
  append(bytes, tcp.options);
  append(bytes, tcp.payload);
  return with_checksum(std::move(bytes), 16, source, destination, kProtocolTcp);
}

inline Frame ipv4_udp(const Mac& to, const Mac& from, const Udp& udp = {}) {
  Ipv4 packet;
  packet.source = address_or(udp.source, ipv4_of(from));
  packet.destination = address_or(udp.destination, packet.destination);
  packet.payload = udp_bytes(packet.source, packet.destination, udp);
  return ipv4(to, from, packet);
}
inline Frame ipv6_udp(const Mac& to, const Mac& from, const Udp& udp = {}) {
  Ipv6 packet;
  packet.source = address_or(udp.source, ipv6_of(from));
  packet.destination = address_or(udp.destination, packet.destination);
  packet.extensions = udp.extensions;
  packet.payload = udp_bytes(packet.source, packet.destination, udp);
  return ipv6(to, from, packet);
}
inline Frame ipv4_tcp(const Mac& to, const Mac& from, const Tcp& tcp = {}) {
  Ipv4 packet;
  packet.source = address_or(tcp.source, ipv4_of(from));
  packet.destination = address_or(tcp.destination, packet.destination);
  packet.protocol = kProtocolTcp;
  packet.id = tcp.id;
  packet.payload = tcp_bytes(packet.source, packet.destination, tcp);
  return ipv4(to, from, packet);
}
inline Frame ipv6_tcp(const Mac& to, const Mac& from, const Tcp& tcp = {}) {
  Ipv6 packet;
  packet.source = address_or(tcp.source, ipv6_of(from));
  packet.destination = address_or(tcp.destination, packet.destination);
  packet.protocol = kProtocolTcp;
  packet.extensions = tcp.extensions;
  packet.payload = tcp_bytes(packet.source, packet.destination, tcp);
  return ipv6(to, from, packet);
}
inline Frame ipv6_icmp(const Mac& to, const Mac& from, const IpAddress& source, Frame message,
                       const std::vector<Extension>& extensions = {}) {
  Ipv6 packet{.source = source, .protocol = kProtocolIcmpv6, .extensions = extensions};
  packet.payload = with_checksum(std::move(message), 2, packet.source, packet.destination, kProtocolIcmpv6);
  return ipv6(to, from, packet);
}
// An ICMPv6 message of `type` to ff02::1, with twelve bytes of nothing in it.
inline Frame ipv6_icmp(const Mac& to, const Mac& from, std::uint8_t type,
                       const std::vector<Extension>& extensions = {}) {
  Frame message(16);
  message[0] = type;
  return ipv6_icmp(to, from, ipv6_of(from), std::move(message), extensions);
}
// An ICMP message of `type`.
inline Frame ipv4_icmp(const Mac& to, const Mac& from, std::uint8_t type) {
  Ipv4 packet{.source = ipv4_of(from), .protocol = kProtocolIcmp, .payload = Frame(16)};
  packet.payload[0] = type;
  store_be16(&packet.payload[2], static_cast<std::uint16_t>(~plain_sum(packet.payload)));
  return ipv4(to, from, packet);
}

// ---- the messages the guards are about

inline Frame dhcp_server_message(const Mac& from) {
  return ipv4_udp(kBroadcastMac, from,
                  {.source = ip("192.0.2.1"),
                   .destination = ip("255.255.255.255"),
                   .source_port = 67,
                   .destination_port = 68,
                   .payload = Frame(240)});
}
inline Frame dhcp_client_message(const Mac& from) {
  return ipv4_udp(kBroadcastMac, from,
                  {.source = ip("0.0.0.0"),
                   .destination = ip("255.255.255.255"),
                   .source_port = 68,
                   .destination_port = 67,
                   .payload = Frame(240)});
}
// The ACK that gives `address` to `client`.
inline Frame dhcp_ack(const Mac& from, const IpAddress& address, const Mac& client) {
  Frame message(240);
  message[0] = 2;  // reply
  message[1] = 1;  // Ethernet
  message[2] = 6;
  std::copy_n(address.bytes.begin(), 4, &message[16]);
  client.store(&message[28]);
  store_be32(&message[236], 0x6382'5363);
  append(message, Frame{0, 54, 4, 192, 0, 2, 1, 53, 1, 5, 255});  // padding, server identifier, ACK, end
  return ipv4_udp(
      kBroadcastMac, from,
      {.destination = ip("255.255.255.255"), .source_port = 67, .destination_port = 68, .payload = std::move(message)});
}

inline Frame router_advertisement(const Mac& from) { return ipv6_icmp(kAllNodesMac, from, 134); }

inline constexpr std::uint8_t kRouterSolicitation = 133;
inline constexpr std::uint8_t kNeighbourSolicitation = 135;
inline constexpr std::uint8_t kNeighbourAdvertisement = 136;

// A neighbour solicitation or advertisement (RFC 4861), or a router solicitation.
struct Neighbour {
  std::uint8_t type = kNeighbourAdvertisement;
  IpAddress source = {};  // none: that of the sender's MAC
  IpAddress target = {};  // none: the same; a router solicitation has none
  std::vector<Mac> link_addresses = {};
  std::vector<Extension> extensions = {};
};
inline Frame neighbour(const Mac& from, const Neighbour& says) {
  Frame message = {says.type, 0, 0, 0, 0, 0, 0, 0};
  if (says.type != kRouterSolicitation) append(message, address_or(says.target, ipv6_of(from)).bytes);
  for (const Mac& mac : says.link_addresses) {
    append(message, Frame{static_cast<std::uint8_t>(says.type == kNeighbourAdvertisement ? 2 : 1), 1});
    append(message, mac.bytes);
  }
  return ipv6_icmp(kAllNodesMac, from, address_or(says.source, ipv6_of(from)), std::move(message), says.extensions);
}
// Asking whether anybody has `address` before taking it (RFC 4862).
inline Frame neighbour_probe(const Mac& from, const IpAddress& address) {
  return neighbour(from, {.type = kNeighbourSolicitation, .source = ip("::"), .target = address});
}

}  // namespace softlan::proto::test
