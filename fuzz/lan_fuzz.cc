// One frame as a gateway, its queues and the doctor look at it: beacons, multicast groups, spanning tree, offers, flows
// and TCP's segment size.
//
// Input: a segment size (2), then the frame.

#include <algorithm>

#include "base/frame_pool.h"
#include "fuzz/target.h"
#include "proto/beacon.h"
#include "proto/dhcp.h"
#include "proto/ethernet.h"
#include "proto/flow_key.h"
#include "proto/group_report.h"
#include "proto/icmp.h"
#include "proto/spanning_tree.h"
#include "proto/tcp_mss.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::test::Frame;

const proto::Mac kClient = proto::test::test_mac(3);

void check_beacon(const proto::FrameView& frame) {
  const auto beacon = proto::parse_beacon(frame);
  if (beacon || proto::is_refresh(frame)) SOFTLAN_CHECK(frame.ethertype == proto::ethertype::softlan);
  if (!beacon || frame.bytes.size() > kMaxFrameSize) return;
  SOFTLAN_CHECK(!proto::is_refresh(frame));
  FramePool pool(2);
  const FrameRef received = pool.copy(frame.bytes);
  const FrameRef named = proto::name_bearer(received, proto::parse_frame(received.bytes()).value(), kClient);
  const bool has_name = !beacon->bearer.is_zero() || beacon->way == proto::BeaconWay::onto_lan;
  SOFTLAN_CHECK(has_name != static_cast<bool>(named));
  if (!named) return;
  const auto read_back = proto::parse_beacon(proto::parse_frame(named.bytes()).value());
  SOFTLAN_CHECK(read_back && read_back->bearer == kClient && read_back->proof == beacon->proof);
  SOFTLAN_CHECK(proto::proven_part(*read_back) == proto::proven_part(*beacon));
}

void check_messages(const proto::TransportView& packet) {
  const bool report = proto::is_group_report(packet);
  const bool query = proto::is_group_query(packet);
  SOFTLAN_CHECK(!report || !query);
  if (report || query) SOFTLAN_CHECK(packet.carries(packet.source.family == IpAddress::Family::v4 ? 2 : 58));
  if (proto::parse_dhcp_offer(packet)) {
    SOFTLAN_CHECK(proto::is_dhcp_server_message(packet) && !packet.is_fragment && !proto::parse_dhcp_ack(packet));
  }
  if (proto::solicited_address(packet)) SOFTLAN_CHECK(proto::parse_neighbour(packet).has_value());
}

void check_spanning_tree(const proto::FrameView& frame) {
  const auto root = proto::spanning_tree_root(frame);
  if (root) SOFTLAN_CHECK(proto::to_string(*root).size() >= 19);
  if (root || proto::announces_topology_change(frame)) SOFTLAN_CHECK(frame.is_llc() && proto::is_switch_control(frame));
}

// VLAN tags do not tell flows apart.
void check_flow(const proto::FrameView& frame, std::uint64_t salt) {
  const std::uint64_t key = proto::flow_key(frame.bytes, salt);
  SOFTLAN_CHECK(key == proto::flow_key(frame.bytes, salt));
  if (frame.vlan_tags == 2) return;
  const Frame tagged = proto::test::vlan({frame.bytes.begin(), frame.bytes.end()}, 7);
  SOFTLAN_CHECK(key == proto::flow_key(tagged, salt));
}

std::uint32_t tcp_sum(const proto::FrameView& frame) {
  const auto tcp = proto::parse_transport(frame).value();
  const std::uint32_t pseudo =
      proto::test::pseudo_sum(tcp.source, tcp.destination, proto::protocol::tcp, tcp.header.size());
  return proto::test::plain_sum(tcp.header, pseudo);
}

// What is announced is what was written, and the checksum is as right or wrong as before.
void check_segment_size(const proto::FrameView& frame, std::uint16_t size) {
  const auto mss = proto::find_tcp_mss(proto::parse_packet(frame.bytes).value());
  if (!mss) return;
  SOFTLAN_CHECK(mss->value_at + 2 <= frame.bytes.size() && mss->checksum_at + 2 <= frame.bytes.size());
  Frame bytes(frame.bytes.begin(), frame.bytes.end());
  proto::set_tcp_mss(bytes, *mss, size);
  const proto::PacketView changed = proto::parse_packet(bytes).value();
  const auto again = proto::find_tcp_mss(changed);
  SOFTLAN_CHECK(again && again->value == size && again->overhead == mss->overhead);
  SOFTLAN_CHECK(again->value_at == mss->value_at && again->checksum_at == mss->checksum_at);
  SOFTLAN_CHECK(tcp_sum(changed.frame) == tcp_sum(frame));
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace softlan;
  fuzz::Input input(data, size);
  const std::uint16_t number = input.u16();
  const Bytes bytes = input.rest();
  (void)proto::flow_key(bytes, number);
  const auto packet = proto::parse_packet(bytes);
  if (!packet) return 0;
  fuzz::check_beacon(packet->frame);
  fuzz::check_spanning_tree(packet->frame);
  fuzz::check_flow(packet->frame, number);
  fuzz::check_segment_size(packet->frame, number);
  if (packet->chain == proto::HeaderChain::whole) fuzz::check_messages(packet->transport);
  return 0;
}
