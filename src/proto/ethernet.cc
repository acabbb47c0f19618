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

constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmpv6 = 58;

bool is_vlan_tag(std::uint16_t type) { return type == ethertype::vlan || type == ethertype::service_vlan; }

IpAddress load_ip(IpAddress::Family family, Bytes bytes) {
  IpAddress ip{family, {}};
  std::ranges::copy(bytes, ip.bytes.begin());
  return ip;
}

// What looking for a packet's transport header came to.
enum class Search : std::uint8_t {
  found,
  broken,  // not IP, or headers no receiver would accept
  hidden,  // too many extension headers, or a first fragment that ends before the transport header (RFC 7112)
};

Search find_in_ipv4(Bytes packet, TransportView& view) {
  if (packet.size() < kIpv4HeaderSize || packet[0] >> 4 != 4) return Search::broken;
  const std::size_t header_size = (packet[0] & 0x0fU) * 4;
  const std::size_t total = load_be16(&packet[2]);
  if (header_size < kIpv4HeaderSize || total < header_size || packet.size() < header_size) return Search::broken;

  const std::uint16_t fragment = load_be16(&packet[6]);
  const std::uint16_t offset = fragment & 0x1fff;
  const bool more = (fragment & 0x2000) != 0;
  view.protocol = packet[9];
  view.source = load_ip(IpAddress::Family::v4, packet.subspan(12, 4));
  view.destination = load_ip(IpAddress::Family::v4, packet.subspan(16, 4));
  view.first_fragment = offset == 0;
  view.is_fragment = offset != 0 || more;
  view.header = packet.first(std::min(total, packet.size())).subspan(header_size);
  return Search::found;
}

// Bytes of the extension header `type` at the start of `rest`, of which two are there; 0 when it is not one to skip.
std::size_t extension_size(std::uint8_t type, Bytes rest) {
  switch (type) {
    case 0:    // hop-by-hop options
    case 43:   // routing
    case 60:   // destination options
    case 135:  // mobility
    case 139:  // host identity
    case 140:  // shim6
      return (rest[1] + 1U) * 8;
    case 44:  // fragment
      return 8;
    case 51:  // authentication
      return (rest[1] + 2U) * 4;
    default:
      return 0;
  }
}

bool is_extension(std::uint8_t type) { return extension_size(type, std::to_array<std::uint8_t>({0, 0})) != 0; }

Search find_in_ipv6(Bytes packet, TransportView& view) {
  if (packet.size() < kIpv6HeaderSize || packet[0] >> 4 != 6) return Search::broken;
  view.source = load_ip(IpAddress::Family::v6, packet.subspan(8, 16));
  view.destination = load_ip(IpAddress::Family::v6, packet.subspan(24, 16));
  view.protocol = packet[6];

  const std::size_t length = load_be16(&packet[4]);
  const Bytes body = packet.subspan(kIpv6HeaderSize);
  view.header = body.first(std::min(length, body.size()));
  for (int skipped = 0; view.first_fragment && is_extension(view.protocol); ++skipped) {
    if (skipped == kMaxExtensionHeaders) return Search::hidden;
    const Search cut_short = view.is_fragment ? Search::hidden : Search::broken;
    if (view.header.size() < 8) return cut_short;
    const std::size_t size = extension_size(view.protocol, view.header);
    if (view.header.size() < size) return cut_short;
    if (view.protocol == 44) {
      const std::uint16_t fragment = load_be16(&view.header[2]);
      view.is_fragment = view.is_fragment || (fragment & 0xfff9) != 0;
      view.first_fragment = fragment < 8;
    }
    view.protocol = view.header[0];
    view.header = view.header.subspan(size);
  }
  const bool empty_start = view.is_fragment && view.first_fragment && view.header.empty();
  return empty_start ? Search::hidden : Search::found;
}

Search find_transport(const FrameView& frame, TransportView& view) {
  if (frame.ethertype == ethertype::ipv4) return find_in_ipv4(frame.payload, view);
  if (frame.ethertype == ethertype::ipv6) return find_in_ipv6(frame.payload, view);
  return Search::broken;
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
    ++view.vlan_tags;
  }
  view.payload = frame.subspan(type_at + 2);
  return view;
}

std::optional<TransportView> parse_transport(const FrameView& frame) {
  TransportView view;
  if (find_transport(frame, view) != Search::found) return {};
  return view;
}

bool is_dhcp_server_message(const FrameView& frame) {
  TransportView view;
  const Search search = find_transport(frame, view);
  if (search == Search::hidden) return true;
  if (search == Search::broken || view.protocol != kUdp || !view.first_fragment || view.header.size() < 2) return false;
  const std::uint16_t server_port = frame.ethertype == ethertype::ipv4 ? 67 : 547;
  return load_be16(view.header.data()) == server_port;
}

bool is_router_advertisement(const FrameView& frame) {
  TransportView view;
  if (frame.ethertype != ethertype::ipv6) return false;
  const Search search = find_transport(frame, view);
  if (search == Search::hidden) return true;
  if (search == Search::broken || view.protocol != kIcmpv6 || !view.first_fragment || view.header.empty()) return false;
  return view.header[0] == 134 || view.header[0] == 137;
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
