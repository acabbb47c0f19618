#include "proto/ethernet.h"

#include <fmt/format.h>

#include <algorithm>

namespace softlan::proto {

namespace {

constexpr std::size_t kVlanTagSize = 4;
constexpr std::uint8_t kMaxVlanTags = 2;

constexpr std::size_t kIpv4HeaderSize = 20;
constexpr std::size_t kIpv6HeaderSize = 40;
constexpr int kMaxExtensionHeaders = 8;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kFragment = 44;

IpAddress load_ip(IpAddress::Family family, Bytes bytes) {
  IpAddress ip{family, {}};
  std::ranges::copy(bytes, ip.bytes.begin());
  return ip;
}

// What a first fragment has to hold: of TCP all that filters look at, of any other what an IPv4 fragment has at least.
bool holds_transport_header(const TransportView& view) {
  return view.header.size() >= (view.protocol == protocol::tcp ? 20U : 8U);
}

HeaderChain judge_fragment(const TransportView& view, std::size_t offset) {
  if (!view.is_fragment) return HeaderChain::whole;
  if (view.first_fragment) return holds_transport_header(view) ? HeaderChain::whole : HeaderChain::hidden;
  return offset == 8 && view.protocol == protocol::tcp ? HeaderChain::hidden : HeaderChain::whole;
}

HeaderChain follow_ipv4(Bytes packet, TransportView& view) {
  if (packet.size() < kIpv4HeaderSize || packet[0] >> 4 != 4) return HeaderChain::broken;
  const std::size_t header_size = (packet[0] & 0x0fU) * 4;
  const std::size_t total = load_be16(&packet[2]);
  if (header_size < kIpv4HeaderSize || total < header_size || packet.size() < header_size) return HeaderChain::broken;

  const std::uint16_t fragment = load_be16(&packet[6]);
  const std::size_t offset = (fragment & 0x1fffU) * 8;
  const bool more = (fragment & 0x2000) != 0;
  view.hop_limit = packet[8];
  view.protocol = packet[9];
  view.source = load_ip(IpAddress::Family::v4, packet.subspan(12, 4));
  view.destination = load_ip(IpAddress::Family::v4, packet.subspan(16, 4));
  view.first_fragment = offset == 0;
  view.is_fragment = offset != 0 || more;
  view.header = packet.first(std::min(total, packet.size())).subspan(header_size);
  return judge_fragment(view, offset);
}

}  // namespace

std::size_t extension_size(std::uint8_t type, Bytes rest) {
  switch (type) {
    case kHopByHop:
    case 43:   // routing
    case 60:   // destination options
    case 135:  // mobility
    case 139:  // host identity
    case 140:  // shim6
      return (rest[1] + 1U) * 8;
    case kFragment:
      return 8;
    case 51:  // authentication
      return (rest[1] + 2U) * 4;
    default:
      return 0;
  }
}

namespace {

bool is_extension(std::uint8_t type) { return extension_size(type, std::to_array<std::uint8_t>({0, 0})) != 0; }

// What follows the IPv6 header. A length of zero before hop-by-hop options announces a jumbogram (RFC 2675); hosts go
// by what is there when its option is missing, so we do.
Bytes body_of(Bytes packet) {
  const std::size_t length = load_be16(&packet[4]);
  const Bytes body = packet.subspan(kIpv6HeaderSize);
  if (length == 0 && packet[6] == kHopByHop) return body;
  return body.first(std::min(length, body.size()));
}

HeaderChain follow_ipv6(Bytes packet, TransportView& view) {
  if (packet.size() < kIpv6HeaderSize || packet[0] >> 4 != 6) return HeaderChain::broken;
  view.protocol = packet[6];
  view.hop_limit = packet[7];
  view.source = load_ip(IpAddress::Family::v6, packet.subspan(8, 16));
  view.destination = load_ip(IpAddress::Family::v6, packet.subspan(24, 16));
  view.header = body_of(packet);

  std::size_t offset = 0;
  for (int skipped = 0; view.first_fragment && is_extension(view.protocol); ++skipped) {
    if (skipped == kMaxExtensionHeaders) return HeaderChain::hidden;
    const HeaderChain cut_short = view.is_fragment ? HeaderChain::hidden : HeaderChain::broken;
    if (view.header.size() < 8) return cut_short;
    const std::size_t size = extension_size(view.protocol, view.header);
    if (view.header.size() < size) return cut_short;
    if (view.protocol == kFragment) {
      const std::uint16_t fragment = load_be16(&view.header[2]);
      offset = fragment & 0xfff8U;
      view.is_fragment = view.is_fragment || (fragment & 0xfff9) != 0;
      view.first_fragment = offset == 0;
    }
    view.protocol = view.header[0];
    view.header = view.header.subspan(size);
  }
  return judge_fragment(view, offset);
}

HeaderChain follow_headers(const FrameView& frame, TransportView& view) {
  if (frame.ethertype == ethertype::ipv4) return follow_ipv4(frame.payload, view);
  if (frame.ethertype == ethertype::ipv6) return follow_ipv6(frame.payload, view);
  return HeaderChain::not_ip;
}

bool has_prefix(const Mac& mac, std::uint64_t prefix, int low_bits) { return mac.number() >> low_bits == prefix; }

}  // namespace

std::optional<FrameView> parse_frame(Bytes frame) {
  if (frame.size() < kEthernetHeaderSize) return {};
  FrameView view;
  view.bytes = frame;
  view.destination = Mac::load(frame.data());
  view.source = Mac::load(frame.data() + 6);

  std::size_t type_at = 12;
  view.ethertype = load_be16(&frame[type_at]);
  while (is_vlan_tag(view.ethertype) && view.vlan_tags < kMaxVlanTags) {
    type_at += kVlanTagSize;
    if (frame.size() < type_at + 2) return {};
    view.ethertype = load_be16(&frame[type_at]);
    view.vlan_ids[view.vlan_tags++] = load_be16(&frame[type_at - 2]) & 0x0fff;
  }
  view.payload = frame.subspan(type_at + 2);
  return view;
}

std::optional<PacketView> parse_packet(Bytes frame) {
  const auto view = parse_frame(frame);
  if (!view) return {};
  std::optional<PacketView> packet(std::in_place, *view);
  packet->chain = follow_headers(packet->frame, packet->transport);
  return packet;
}

std::optional<TransportView> parse_transport(const FrameView& frame) {
  TransportView view;
  if (follow_headers(frame, view) != HeaderChain::whole) return {};
  return view;
}

bool is_vlan_tag(std::uint16_t type) { return type == ethertype::vlan || type == ethertype::service_vlan; }

std::uint16_t snap_ethertype(const FrameView& frame) {
  if (!frame.is_llc() || frame.payload.size() < 8) return 0;
  const std::uint64_t header = load_be64(frame.payload.data()) >> 16;
  const bool carries_ethertype = header == 0xaaaa'0300'0000 || header == 0xaaaa'0300'00f8;
  return carries_ethertype ? load_be16(&frame.payload[6]) : 0;
}

bool is_switch_control(const FrameView& frame) {
  const Mac& to = frame.destination;
  const bool reserved = has_prefix(to, 0x0180'c200'000, 4) || has_prefix(to, 0x0180'c200'002, 4);
  const bool cisco = to.number() == 0x0100'0ccc'cccc || to.number() == 0x0100'0ccc'cccd;
  return reserved || cisco || frame.ethertype == ethertype::pause;
}

std::string describe_ethertype(const FrameView& frame) {
  if (frame.is_llc()) return fmt::format("llc {}", frame.ethertype);
  switch (frame.ethertype) {
    case ethertype::ipv4:
      return "ipv4";
    case ethertype::arp:
      return "arp";
    case ethertype::ipv6:
      return "ipv6";
    case ethertype::vlan:
    case ethertype::service_vlan:
      return "vlan";
    default:
      return fmt::format("0x{:04x}", frame.ethertype);
  }
}

}  // namespace softlan::proto
