// Seeds of the target `lan`.

#include "base/frame_pool.h"
#include "fuzz/seeds.h"
#include "proto/beacon.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using namespace proto::test;

const proto::Mac kTo = test_mac(1);
const proto::Mac kFrom = test_mac(2);
const proto::Mac kBridgeGroup{{0x01, 0x80, 0xc2, 0, 0, 0}};

// An input of lan_fuzz.cc.
Frame lan(Bytes frame, std::uint16_t segment_size = 1384) {
  Frame input;
  append_be16(input, segment_size);
  append(input, frame);
  return input;
}

Frame beacon(proto::BeaconWay way, const proto::Mac& bearer = {}) {
  FramePool pool(1);
  const FrameRef made = proto::make_beacon(pool, kFrom, {.way = way, .number = 7, .proof = {1, 2, 3}});
  Frame frame(made.bytes().begin(), made.bytes().end());
  bearer.store(&frame[14 + 28]);
  return frame;
}

Frame refresh() {
  FramePool pool(1);
  const FrameRef made = proto::make_refresh(pool, kFrom);
  return {made.bytes().begin(), made.bytes().end()};
}

Frame igmp(std::uint8_t type) {
  return ipv4(kBroadcastMac, kFrom, {.protocol = 2, .payload = {type, 0, 0, 0, 239, 77, 0, 1}});
}

Frame bridge_protocol(std::uint8_t version, std::uint8_t type, std::uint8_t flags) {
  return llc(kBridgeGroup, kFrom, Frame{0x42, 0x42, 3, 0, 0, version, type, flags, 0x80, 0, 2, 0, 0, 0, 0, 7, 0, 0});
}

Frame dhcp_offer() {
  Frame frame = dhcp_ack(kFrom, ip("192.0.2.9"), kTo);
  frame[14 + 20 + 8 + 240 + 9] = 2;  // the message type's value
  return frame;
}

Frame syn4(Frame options) { return ipv4_tcp(kTo, kFrom, {.flags = 0x02, .options = std::move(options)}); }
const Frame kMss = {2, 4, 0x05, 0xb4};
const Frame kMssAtAnOddPlace = {1, 2, 4, 0x05, 0xb4, 1, 1, 0};

}  // namespace

Seeds lan_seeds() {
  const Ipv4 fragment{.more_fragments = true, .fragment_offset = 1480, .payload = pattern(64)};
  return {
      {"beacon_onto_lan", lan(beacon(proto::BeaconWay::onto_lan))},
      {"beacon_into_room", lan(beacon(proto::BeaconWay::into_room))},
      {"beacon_into_room_behind_a_tag", lan(vlan(beacon(proto::BeaconWay::into_room), 7))},
      {"beacon_with_bearer", lan(beacon(proto::BeaconWay::into_room, kTo))},
      {"refresh", lan(refresh())},
      {"igmp_query", lan(igmp(0x11))},
      {"igmp_report", lan(igmp(0x16))},
      {"mld_query", lan(ipv6_icmp(kAllNodesMac, kFrom, 130, {hop_by_hop()}))},
      {"mld_report", lan(ipv6_icmp(kAllNodesMac, kFrom, 143, {hop_by_hop()}))},
      {"neighbour_solicitation", lan(neighbour(kFrom, {.type = kNeighbourSolicitation}))},
      {"dhcp_offer", lan(dhcp_offer())},
      {"dhcp_ack", lan(dhcp_ack(kFrom, ip("192.0.2.9"), kTo))},
      {"spanning_tree", lan(bridge_protocol(0, 0x00, 0x01))},
      {"rapid_spanning_tree", lan(bridge_protocol(2, 0x02, 0x3c))},
      {"topology_change", lan(bridge_protocol(0, 0x80, 0))},
      {"fragment4", lan(ipv4(kTo, kFrom, fragment))},
      {"fragment6", lan(ipv6_udp(kTo, kFrom, {.extensions = {fragment_header(64, true)}}))},
      {"udp6_behind_options", lan(ipv6_udp(kTo, kFrom, {.extensions = {hop_by_hop(), destination_options()}}))},
      {"syn4", lan(syn4(kMss))},
      {"syn4_behind_two_tags", lan(vlan(vlan(syn4(kMss), 7), 8, proto::ethertype::service_vlan))},
      {"syn4_with_mss_at_an_odd_place", lan(syn4(kMssAtAnOddPlace))},
      {"syn6", lan(ipv6_tcp(kTo, kFrom, {.flags = 0x12, .options = kMss, .extensions = {hop_by_hop()}}))},
      {"arp", lan(arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2")))},
      {"nothing", lan({})},
  };
}

}  // namespace softlan::fuzz
