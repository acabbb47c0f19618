// One frame as forwarding, the guards and the frame log look at it.
//
// Input: the frame.

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/target.h"
#include "proto/arp.h"
#include "proto/dhcp.h"
#include "proto/ethernet.h"
#include "proto/icmp.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::HeaderChain;

bool lies_in(Bytes part, Bytes whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_view(const proto::FrameView& view) {
  const std::size_t header_size = proto::kEthernetHeaderSize + view.vlan_tags * std::size_t{4};
  SOFTLAN_CHECK(view.vlan_tags <= 2);
  SOFTLAN_CHECK(lies_in(view.payload, view.bytes) && view.payload.size() + header_size == view.bytes.size());
  SOFTLAN_CHECK(std::ranges::equal(view.destination.bytes, view.bytes.first(6)));
  SOFTLAN_CHECK(std::ranges::equal(view.source.bytes, view.bytes.subspan(6, 6)));
  const std::string words = proto::describe_ethertype(view);
  SOFTLAN_CHECK(!words.empty() && words.size() <= 8 && view.is_llc() == words.starts_with("llc "));
}

void check_transport(const proto::PacketView& packet) {
  const proto::TransportView& transport = packet.transport;
  const bool is_ip =
      packet.frame.ethertype == proto::ethertype::ipv4 || packet.frame.ethertype == proto::ethertype::ipv6;
  SOFTLAN_CHECK(is_ip == (packet.chain != HeaderChain::not_ip));
  SOFTLAN_CHECK(proto::parse_transport(packet.frame).has_value() == (packet.chain == HeaderChain::whole));
  if (packet.chain != HeaderChain::whole) return;
  SOFTLAN_CHECK(lies_in(transport.header, packet.frame.payload));
  SOFTLAN_CHECK(transport.first_fragment || transport.is_fragment);
  SOFTLAN_CHECK(transport.source.family == transport.destination.family);
  if (transport.first_fragment && transport.is_fragment) SOFTLAN_CHECK(transport.header.size() >= 8);
}

// With its transport header in sight a packet is judged by it and by nothing else.
void check_messages(const proto::TransportView& packet) {
  const bool v4 = packet.source.family == IpAddress::Family::v4;
  const auto port_at = [&](std::size_t at) { return load_be16(&packet.header[at]); };
  const bool has_ports = packet.carries(17) && packet.header.size() >= 4;
  const bool from_server = has_ports && (port_at(0) == (v4 ? 67 : 547) || port_at(2) == (v4 ? 68 : 546));
  SOFTLAN_CHECK(proto::is_dhcp_server_message(packet) == from_server);
  if (const auto lease = proto::parse_dhcp_ack(packet)) {
    SOFTLAN_CHECK(from_server && v4 && !packet.is_fragment);
    SOFTLAN_CHECK(load_be32(lease->address.bytes.data()) != 0);
  }
  if (proto::is_router_message(packet)) SOFTLAN_CHECK(packet.carries(v4 ? 1 : 58));
  const auto neighbour = proto::parse_neighbour(packet);
  if (!neighbour) return;
  SOFTLAN_CHECK(!v4 && proto::is_neighbour_discovery(packet) && !packet.is_fragment);
  SOFTLAN_CHECK(neighbour->address.family == IpAddress::Family::v6);
  SOFTLAN_CHECK(!neighbour->contradictory || neighbour->link_address);
}

void check_arp(const proto::FrameView& view) {
  const auto arp = proto::parse_arp(view);
  if (!arp) return;
  SOFTLAN_CHECK(view.ethertype == proto::ethertype::arp && view.payload.size() >= 28);
  SOFTLAN_CHECK(arp->sender_mac == proto::Mac::load(&view.payload[8]));
}

// A VLAN tag hides nothing from the guards.
void check_tagged(const proto::PacketView& packet) {
  if (packet.frame.vlan_tags == 2) return;
  const auto bytes = proto::test::vlan({packet.frame.bytes.begin(), packet.frame.bytes.end()}, 7);
  const auto tagged = proto::parse_packet(bytes);
  SOFTLAN_CHECK(tagged && tagged->frame.vlan_tags == packet.frame.vlan_tags + 1 && tagged->frame.vlan_ids[0] == 7);
  SOFTLAN_CHECK(tagged->frame.ethertype == packet.frame.ethertype && tagged->chain == packet.chain);
  SOFTLAN_CHECK(std::ranges::equal(tagged->transport.header, packet.transport.header));
  SOFTLAN_CHECK(proto::is_switch_control(tagged->frame) == proto::is_switch_control(packet.frame));
  SOFTLAN_CHECK(proto::snap_ethertype(tagged->frame) == proto::snap_ethertype(packet.frame));
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packet = softlan::proto::parse_packet({data, size});
  if (size < softlan::proto::kEthernetHeaderSize) SOFTLAN_CHECK(!packet);
  if (!packet) return 0;
  softlan::fuzz::check_view(packet->frame);
  softlan::fuzz::check_transport(*packet);
  if (packet->chain == softlan::proto::HeaderChain::whole) softlan::fuzz::check_messages(packet->transport);
  softlan::fuzz::check_arp(packet->frame);
  softlan::fuzz::check_tagged(*packet);
  return 0;
}
