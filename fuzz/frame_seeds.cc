// Seeds of the targets `ethernet`, `offload` and `coalesce`.

#include "fuzz/seeds.h"
#include "proto/offload.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using namespace proto::test;
using proto::VirtioNetHeader;

const proto::Mac kTo = test_mac(1);
const proto::Mac kFrom = test_mac(2);

Frame cut_to(Frame frame, std::size_t size) {
  frame.resize(size);
  return frame;
}

// An input of offload_fuzz.cc. `length_at`: where the frame's IP length is, to be made to cover the padding.
Frame offload(const VirtioNetHeader& header, Frame frame, std::uint16_t padding = 0, std::size_t length_at = 0) {
  if (length_at != 0) {
    store_be16(&frame[length_at], static_cast<std::uint16_t>(load_be16(&frame[length_at]) + padding));
  }
  Frame input = {header.flags, header.gso_type};
  for (const std::uint16_t field : {header.gso_size, header.checksum_start, header.checksum_offset, padding}) {
    append_be16(input, field);
  }
  append(input, frame);
  return input;
}

constexpr std::size_t kIpv4LengthAt = 16;
constexpr std::size_t kIpv6LengthAt = 18;
constexpr std::uint8_t kTcpFlags = 0x99;  // CWR, ACK, PSH, FIN

VirtioNetHeader gso(std::uint8_t type, std::uint16_t size) { return {.flags = 0, .gso_type = type, .gso_size = size}; }
VirtioNetHeader unfinished(std::uint16_t start, std::uint16_t offset) {
  return {.flags = VirtioNetHeader::kNeedsChecksum, .checksum_start = start, .checksum_offset = offset};
}

// Steps of coalesce_fuzz.cc.
Frame segment(std::uint8_t flow, std::uint16_t size, std::uint8_t flags = 0x10) {
  Frame step = {flow, flags};
  append_be16(step, size);
  return step;
}
Frame change(bool repair, std::uint16_t place, std::uint8_t value) {
  Frame step = {static_cast<std::uint8_t>(repair ? 5 : 4)};
  append_be16(step, place);
  step.push_back(value);
  return step;
}
Frame one_after_the_other(const std::vector<Frame>& steps) {
  Frame input;
  for (const Frame& step : steps) append(input, step);
  return input;
}

}  // namespace

Seeds ethernet_seeds() {
  const Frame udp = ipv4_udp(kTo, kFrom);
  const Udp dhcpv6{.source_port = 547, .destination_port = 546};
  Udp dhcpv6_behind_options = dhcpv6;
  dhcpv6_behind_options.extensions = {hop_by_hop(), destination_options()};
  const Ipv4 later_fragment{.more_fragments = true, .fragment_offset = 1480, .payload = pattern(64)};
  const Ipv4 overwriting{.protocol = kProtocolTcp, .fragment_offset = 8, .payload = pattern(16)};
  Frame jumbogram = ipv6_icmp(kAllNodesMac, kFrom, 134, {hop_by_hop()});
  store_be16(&jumbogram[kIpv6LengthAt], 0);
  const std::vector<Extension> first_part = {destination_options(), fragment_header(0, true)};
  return {
      {"arp", arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2"))},
      {"ipv4_udp", udp},
      {"ipv4_udp_cut_in_its_header", cut_to(udp, 30)},
      {"ipv4_later_fragment", ipv4(kTo, kFrom, later_fragment)},
      {"ipv4_with_options", ipv4(kTo, kFrom, {.options = Frame(40, 1), .payload = pattern(20)})},
      {"dhcp_server", dhcp_server_message(kFrom)},
      {"dhcp_client", dhcp_client_message(kFrom)},
      {"dhcp_server_behind_two_tags", vlan(vlan(dhcp_server_message(kFrom), 7), 8, proto::ethertype::service_vlan)},
      {"dhcpv6_server", ipv6_udp(kAllNodesMac, kFrom, dhcpv6)},
      {"dhcpv6_server_behind_options", ipv6_udp(kAllNodesMac, kFrom, dhcpv6_behind_options)},
      {"router_advertisement", router_advertisement(kFrom)},
      {"router_redirect", ipv6_icmp(kTo, kFrom, 137)},
      {"router_advertisement_in_a_fragment", ipv6_icmp(kTo, kFrom, 134, first_part)},
      {"router_advertisement_behind_nine_headers", ipv6_icmp(kTo, kFrom, 134, {9, destination_options()})},
      {"router_redirect_v4", ipv4_icmp(kTo, kFrom, 5)},
      {"jumbogram_without_its_option", jumbogram},
      {"arp_in_anothers_name", arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2"), kTo)},
      {"arp_probe", arp_probe(kFrom, ip("192.0.2.2"))},
      {"neighbour_advertisement", neighbour(kFrom, {.link_addresses = {kFrom}})},
      {"neighbour_advertisement_that_contradicts_itself", neighbour(kFrom, {.link_addresses = {kFrom, kTo}})},
      {"neighbour_solicitation", neighbour(kFrom, {.type = kNeighbourSolicitation, .link_addresses = {kFrom}})},
      {"neighbour_probe", neighbour_probe(kFrom, ip("fe80::9"))},
      {"neighbour_in_a_fragment", neighbour(kFrom, {.extensions = {fragment_header(0, true)}})},
      {"router_solicitation", neighbour(kFrom, {.type = kRouterSolicitation})},
      {"dhcp_ack", dhcp_ack(kFrom, ip("192.0.2.9"), kTo)},
      {"fragment_over_a_tcp_header", ipv4(kTo, kFrom, overwriting)},
      {"fragment_too_small", ipv4(kTo, kFrom, {.more_fragments = true, .payload = pattern(4)})},
      {"snap_ipv4", snap(udp)},
      {"three_tags", vlan(vlan(vlan(udp, 1), 2), 3)},
      {"tag_cut_short", cut_to(vlan(udp, 1), 15)},
      {"spanning_tree", llc(proto::Mac{{0x01, 0x80, 0xc2, 0, 0, 0}}, kFrom)},
      {"pause", ethernet(proto::Mac{{0x01, 0x80, 0xc2, 0, 0, 1}}, kFrom, proto::ethertype::pause, Frame{0, 1, 0, 9})},
      {"cisco_discovery", llc(proto::Mac{{0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc}}, kFrom)},
      {"header_only", ethernet(kTo, kFrom, proto::ethertype::softlan, {})},
  };
}

Seeds offload_seeds() {
  const Frame tcp4 = ipv4_tcp(kTo, kFrom, {.flags = kTcpFlags, .options = Frame(12, 1), .payload = pattern(50)});
  const Frame tcp6 = ipv6_tcp(kTo, kFrom, {.flags = kTcpFlags, .payload = pattern(50)});
  const Frame tcp6_behind_options = ipv6_tcp(kTo, kFrom, {.payload = pattern(50), .extensions = {hop_by_hop()}});
  const Frame udp4 = ipv4_udp(kTo, kFrom, {.payload = pattern(50)});
  const Frame udp6 = ipv6_udp(kTo, kFrom, {.payload = pattern(50)});
  VirtioNetHeader tcp6_unfinished = gso(VirtioNetHeader::kGsoTcp6, 30);
  tcp6_unfinished.flags = VirtioNetHeader::kNeedsChecksum;
  tcp6_unfinished.checksum_start = 54;
  return {
      {"plain", offload({}, udp4)},
      {"plain_too_long", offload({}, udp4, 2000)},
      {"unfinished_udp", offload(unfinished(34, 6), udp4)},
      {"unfinished_outside_the_frame", offload(unfinished(90, 6), udp4)},
      {"tcp4", offload(gso(VirtioNetHeader::kGsoTcp4, 20), tcp4)},
      {"tcp4_with_ecn", offload(gso(VirtioNetHeader::kGsoTcp4 | VirtioNetHeader::kGsoEcn, 20), tcp4)},
      {"tcp4_behind_a_tag", offload(gso(VirtioNetHeader::kGsoTcp4, 20), vlan(tcp4, 7))},
      {"tcp4_of_4000_bytes", offload(gso(VirtioNetHeader::kGsoTcp4, 1448), tcp4, 4000, kIpv4LengthAt)},
      {"tcp4_segment_too_long", offload(gso(VirtioNetHeader::kGsoTcp4, 2000), tcp4, 4000, kIpv4LengthAt)},
      {"tcp4_without_a_size", offload(gso(VirtioNetHeader::kGsoTcp4, 0), tcp4)},
      {"tcp6", offload(gso(VirtioNetHeader::kGsoTcp6, 20), tcp6)},
      {"tcp6_behind_options", offload(gso(VirtioNetHeader::kGsoTcp6, 20), tcp6_behind_options)},
      {"tcp6_unfinished", offload(tcp6_unfinished, tcp6, 3000, kIpv6LengthAt)},
      {"tcp6_said_to_be_tcp4", offload(gso(VirtioNetHeader::kGsoTcp4, 20), tcp6)},
      {"udp4", offload(gso(VirtioNetHeader::kGsoUdpL4, 20), udp4)},
      {"udp6", offload(gso(VirtioNetHeader::kGsoUdpL4, 20), udp6)},
      {"udp_fragmentation", offload(gso(VirtioNetHeader::kGsoUdp, 20), udp4)},
      {"unknown_type", offload(gso(9, 20), udp4)},
  };
}

Seeds coalesce_seeds() {
  const Frame first = segment(0, 1000);
  const auto then = [&](const Frame& step) { return one_after_the_other({first, first, step, first}); };
  const auto changed = [&](std::uint16_t place, std::uint8_t value) {
    return one_after_the_other({first, first, change(true, place, value), first});
  };
  return {
      {"a_run", one_after_the_other({first, first, first, segment(0, 300, 0x18)})},
      {"a_run_over_ipv6", one_after_the_other(std::vector<Frame>(4, segment(1, 1000)))},
      {"a_run_behind_a_tag", one_after_the_other(std::vector<Frame>(4, segment(2, 1000)))},
      {"a_run_too_long", one_after_the_other(std::vector<Frame>(50, segment(0, 1450)))},
      {"four_runs", one_after_the_other({first, segment(1, 900), segment(2, 800), segment(3, 700), first,
                                         segment(1, 900), segment(2, 800), segment(3, 700)})},
      {"segments_too_small", one_after_the_other(std::vector<Frame>(9, segment(0, 20)))},
      {"an_acknowledgement", then(segment(0, 0))},
      {"the_end", then(segment(0, 500, 0x11))},
      {"a_wrong_checksum", then(change(false, 100, 0xee))},
      {"sent_again", then({7, 100})},
      {"another_time_to_live", changed(22, 9)},
      {"another_mac", changed(11, 9)},
      {"a_fragment", changed(20, 0x20)},
      {"another_window", changed(48, 1)},
      {"an_arp_between", then({6, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 6})},
  };
}

}  // namespace softlan::fuzz
