#include "relay/guards.h"

#include <gtest/gtest.h>

#include "base/frame_pool.h"
#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using ctrl::Role;
using obs::DropReason;
using namespace proto::test;
using Ports = std::vector<std::uint16_t>;

const proto::Mac kFrom = test_mac(1);
const proto::Mac kTo = test_mac(2);

DropReason judged(Role sender, const Frame& frame, const GuardConfig& config = {}) {
  return guard(config, sender, proto::parse_packet(frame).value());
}
DropReason of_client(const Frame& frame, const GuardConfig& config = {}) { return judged(Role::client, frame, config); }
DropReason of_gateway(const Frame& frame) { return judged(Role::gateway, frame); }
bool shielded(const Frame& frame, const GuardConfig& config = {}) {
  return is_shielded(config, proto::parse_packet(frame).value());
}

TEST(Guards, LetOrdinaryFramesPass) {
  for (const Frame& frame :
       {ipv4_udp(kTo, kFrom), ipv6_tcp(kTo, kFrom), arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2")), llc(kTo, kFrom),
        ethernet(kTo, kFrom, 0x8137, pattern(40)), ethernet(kTo, kFrom, proto::ethertype::ipv4, {})}) {
    EXPECT_EQ(of_client(frame), DropReason::none);
    EXPECT_EQ(of_gateway(frame), DropReason::none);
  }
}

TEST(Guards, LetTheLargestLanFramePassAndNothingLarger) {
  const Frame largest = ethernet(kTo, kFrom, 0x0800, Frame(kMaxFrameSize - 14));
  const Frame larger = ethernet(kTo, kFrom, 0x0800, Frame(kMaxFrameSize - 13));
  EXPECT_EQ(of_client(largest), DropReason::none);
  EXPECT_EQ(of_client(larger), DropReason::jumbo);
  EXPECT_EQ(of_gateway(larger), DropReason::jumbo);
}

TEST(BeaconGuard, LetsGatewaysFramesComeFromGatewaysOnly) {
  const Frame beacon = ethernet(kBroadcastMac, kFrom, proto::ethertype::softlan, pattern(46));
  EXPECT_EQ(of_client(beacon), DropReason::beacon);
  EXPECT_EQ(of_client(vlan(beacon, 0)), DropReason::beacon);
  EXPECT_EQ(of_gateway(beacon), DropReason::none);
}

TEST(RouterGuard, LetsNoClientAskForMulticastGroups) {
  const Frame igmp = ipv4(kTo, kFrom, {.protocol = 2, .payload = {0x11, 0, 0, 0, 0, 0, 0, 0}});
  const Frame mld = ipv6_icmp(kTo, kFrom, 130, {hop_by_hop()});
  for (const Frame& query : {igmp, mld}) {
    EXPECT_EQ(of_client(query), DropReason::router_advertisement);
    EXPECT_EQ(of_client(query, {.router_advertisement = false}), DropReason::none);
    EXPECT_EQ(of_gateway(query), DropReason::none);
  }
}

TEST(SwitchControlGuard, StopsAnyonesFramesForTheNextSwitch) {
  for (const char* to : {"01:80:c2:00:00:00", "01:80:c2:00:00:0f", "01:80:c2:00:00:21", "01:00:0c:cc:cc:cd"}) {
    const Frame frame = llc(*proto::parse_mac(to), kFrom);
    EXPECT_EQ(of_client(frame), DropReason::switch_control);
    EXPECT_EQ(of_gateway(frame), DropReason::switch_control);
    EXPECT_EQ(of_client(frame, {.switch_control = false}), DropReason::none);
  }
}

TEST(SwitchControlGuard, LetsTheMulticastNextToItPass) {
  EXPECT_EQ(of_client(llc(*proto::parse_mac("01:80:c2:00:00:10"), kFrom)), DropReason::none);
}

TEST(EapolGuard, StopsPortAuthenticationWhereverItGoes) {
  for (const char* to : {"01:80:c2:00:00:03", "02:00:00:00:00:02"}) {
    const Frame frame = ethernet(*proto::parse_mac(to), kFrom, proto::ethertype::eapol, Frame(46));
    EXPECT_EQ(of_client(frame), DropReason::eapol);
    EXPECT_EQ(of_gateway(frame), DropReason::eapol);
    EXPECT_EQ(of_client(frame, {.eapol = false}), DropReason::none);
  }
}

TEST(EapolGuard, LetsTheEthertypeNextToItPass) {
  EXPECT_EQ(of_client(ethernet(kTo, kFrom, 0x888f, Frame(46))), DropReason::none);
}

TEST(PauseGuard, StopsFlowControlWhereverItGoes) {
  for (const char* to : {"01:80:c2:00:00:01", "02:00:00:00:00:02"}) {
    const Frame frame = ethernet(*proto::parse_mac(to), kFrom, proto::ethertype::pause, Frame(46));
    EXPECT_EQ(of_client(frame), DropReason::pause);
    EXPECT_EQ(of_gateway(frame), DropReason::pause);
    EXPECT_EQ(of_client(frame, {.pause = false}), DropReason::none);
  }
}

TEST(PauseGuard, LetsTheEthertypeNextToItPass) {
  EXPECT_EQ(of_client(ethernet(kTo, kFrom, 0x8809, Frame(46))), DropReason::none);
}

TEST(DhcpGuard, StopsServersOnClientsOnly) {
  EXPECT_EQ(of_client(dhcp_server_message(kFrom)), DropReason::dhcp_server);
  EXPECT_EQ(of_client(vlan(dhcp_server_message(kFrom), 7)), DropReason::dhcp_server);
  EXPECT_EQ(of_gateway(dhcp_server_message(kFrom)), DropReason::none);
  EXPECT_EQ(of_client(dhcp_server_message(kFrom), {.dhcp_server = false}), DropReason::none);
}

TEST(DhcpGuard, LetsClientsAsk) { EXPECT_EQ(of_client(dhcp_client_message(kFrom)), DropReason::none); }

TEST(RouterGuard, StopsRoutersOnClientsOnly) {
  for (const Frame& frame : {router_advertisement(kFrom), ipv6_icmp(kTo, kFrom, 137), ipv4_icmp(kTo, kFrom, 5)}) {
    EXPECT_EQ(of_client(frame), DropReason::router_advertisement);
    EXPECT_EQ(of_client(vlan(frame, 0)), DropReason::router_advertisement);
    EXPECT_EQ(of_gateway(frame), DropReason::none);
    EXPECT_EQ(of_client(frame, {.router_advertisement = false}), DropReason::none);
  }
}

TEST(RouterGuard, LetsClientsPingAndAskForRouters) {
  EXPECT_EQ(of_client(ipv4_icmp(kTo, kFrom, 8)), DropReason::none);
  EXPECT_EQ(of_client(neighbour(kFrom, {.type = kRouterSolicitation})), DropReason::none);
}

TEST(HiddenHeaderGuard, StopsWhatCannotBeSeenThroughFromClientsOnly) {
  const std::vector<Frame> hostile = {
      ipv6_icmp(kTo, kFrom, 134, std::vector<Extension>(9, destination_options())),
      ipv6(kTo, kFrom, {.protocol = 60, .extensions = {fragment_header(0, true)}}),
      ipv4(kTo, kFrom, {.more_fragments = true}),
      ipv4(kTo, kFrom, {.protocol = kProtocolTcp, .fragment_offset = 8, .payload = pattern(16)}),
      neighbour(kFrom, {.link_addresses = {kTo}, .extensions = {fragment_header(0, true)}}),
      snap(dhcp_server_message(kFrom)),
      vlan(snap(dhcp_server_message(kFrom)), 0),
      vlan(vlan(vlan(dhcp_server_message(kFrom), 0), 0), 0)};
  for (const Frame& frame : hostile) {
    EXPECT_EQ(of_client(frame), DropReason::hidden_header);
    EXPECT_EQ(of_gateway(frame), DropReason::none);
    EXPECT_EQ(of_client(frame, {.hidden_header = false}), DropReason::none);
  }
}

TEST(HiddenHeaderGuard, LetsFragmentsAndOtherSnapFramesPass) {
  EXPECT_EQ(of_client(ipv4(kTo, kFrom, {.more_fragments = true, .payload = pattern(1480)})), DropReason::none);
  EXPECT_EQ(of_client(ipv4(kTo, kFrom, {.fragment_offset = 1480, .payload = pattern(8)})), DropReason::none);
  EXPECT_EQ(of_client(ipv6_udp(kTo, kFrom, {.extensions = {fragment_header(0, true)}})), DropReason::none);
  EXPECT_EQ(of_client(ipv6_icmp(kTo, kFrom, 128, {fragment_header(0, true)})), DropReason::none);
  EXPECT_EQ(of_client(snap(ethernet(kTo, kFrom, 0x8137, pattern(40)))), DropReason::none);  // IPX
}

TEST(VlanGuard, StopsClientsTagsButPriorityTags) {
  const Frame inner = ipv4_udp(kTo, kFrom);
  EXPECT_EQ(of_client(vlan(inner, 7)), DropReason::vlan_tag);
  EXPECT_EQ(of_client(vlan(vlan(inner, 7), 0)), DropReason::vlan_tag);
  EXPECT_EQ(of_client(vlan(inner, 0xa000)), DropReason::none);
  EXPECT_EQ(of_gateway(vlan(inner, 7)), DropReason::none);
}

TEST(VlanGuard, LetsTheRoomsVlansPassOrAll) {
  const Frame inner = ipv4_udp(kTo, kFrom);
  const GuardConfig some{.allowed_vlans = {7, 8}};
  EXPECT_EQ(of_client(vlan(inner, 7), some), DropReason::none);
  EXPECT_EQ(of_client(vlan(vlan(inner, 7), 8), some), DropReason::none);
  EXPECT_EQ(of_client(vlan(vlan(inner, 7), 9), some), DropReason::vlan_tag);
  EXPECT_EQ(of_client(vlan(inner, 9), {.vlan = false}), DropReason::none);
}

TEST(HomeShield, ClosesFileSharingAndRemoteControl) {
  for (const std::uint16_t port : Ports{135, 139, 445, 3389, 5985, 5986}) {
    EXPECT_TRUE(shielded(ipv4_tcp(kTo, kFrom, {.destination_port = port}))) << port;
    EXPECT_TRUE(shielded(vlan(ipv6_tcp(kTo, kFrom, {.destination_port = port}), 0))) << port;
  }
  for (const std::uint16_t port : Ports{135, 3389})
    EXPECT_TRUE(shielded(ipv4_udp(kTo, kFrom, {.destination_port = port}))) << port;
}

TEST(HomeShield, LeavesGamesAndDiscoveryAlone) {
  for (const std::uint16_t port : Ports{137, 138, 1900, 5355, 5985, 27015})
    EXPECT_FALSE(shielded(ipv4_udp(kTo, kFrom, {.destination_port = port}))) << port;
  for (const std::uint16_t port : Ports{80, 136, 444, 446, 27015})
    EXPECT_FALSE(shielded(ipv4_tcp(kTo, kFrom, {.destination_port = port}))) << port;
  EXPECT_FALSE(shielded(ipv4_tcp(kTo, kFrom, {.source_port = 445, .destination_port = 50000})));
  EXPECT_FALSE(shielded(arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2"))));
}

TEST(HomeShield, CatchesAFirstFragmentAndLeavesLaterOnes) {
  Ipv4 packet{.protocol = kProtocolTcp, .more_fragments = true};
  packet.payload = tcp_bytes(packet.source, packet.destination, {.destination_port = 445, .payload = Frame(4)});
  EXPECT_TRUE(shielded(ipv4(kTo, kFrom, packet)));
  packet.fragment_offset = 24;
  EXPECT_FALSE(shielded(ipv4(kTo, kFrom, packet)));
}

TEST(HomeShield, OpensAsTheRoomSays) {
  const Frame smb = ipv4_tcp(kTo, kFrom, {.destination_port = 445});
  EXPECT_FALSE(shielded(smb, {.opened_ports = {445}}));
  EXPECT_TRUE(shielded(smb, {.opened_ports = {3389}}));
  EXPECT_FALSE(shielded(smb, {.home_shield = false}));
}

}  // namespace
}  // namespace softlan::relay
