#include "relay/addresses.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using obs::DropReason;
using std::chrono::minutes;
using namespace proto::test;

const proto::Mac kClient = test_mac(1);
const proto::Mac kOther = test_mac(2);
const proto::Mac kRouter = test_mac(50);
const IpAddress kClientIp = ipv4_of(kClient);
const IpAddress kOtherIp = ipv4_of(kOther);
const IpAddress kRouterIp = ip("192.0.2.254");

// A room of two clients; the router is on the LAN.
class AddressesTest : public testing::Test {
 protected:
  AddressesTest() {
    for (const proto::Mac& mac : {kClient, kOther}) {
      Seat member;
      member.mac = mac;
      room_.join(std::move(member), kRelayPeer);
    }
  }

  DropReason said(const Frame& frame) {
    return check_claims(now_, room_.bindings(), proto::parse_packet(frame).value());
  }
  void seen_on_lan(const Frame& frame) { learn_addresses(now_, room_, proto::parse_packet(frame).value()); }

  TimePoint now_{};
  Room room_{"ROOM1"};
};

TEST_F(AddressesTest, AClientAnnouncesAndUsesItsOwn) {
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp)), DropReason::none);
  EXPECT_EQ(said(ipv4_udp(kOther, kClient)), DropReason::none);
  EXPECT_EQ(said(neighbour(kClient, {.link_addresses = {kClient}})), DropReason::none);
  EXPECT_EQ(said(neighbour(kClient, {.type = kRouterSolicitation, .link_addresses = {kClient}})), DropReason::none);
  EXPECT_EQ(said(ipv6_udp(kOther, kClient)), DropReason::none);
}

TEST_F(AddressesTest, AClientCannotTakeTheRoutersAddress) {
  seen_on_lan(arp(kRouter, kRouterIp, kClientIp));
  EXPECT_EQ(said(arp(kClient, kRouterIp, kOtherIp)), DropReason::address_claim);
  EXPECT_EQ(said(vlan(arp(kClient, kRouterIp, kOtherIp), 0)), DropReason::address_claim);
  EXPECT_EQ(said(ipv4_udp(kOther, kClient, {.source = kRouterIp})), DropReason::forged_address);
}

TEST_F(AddressesTest, AClientCannotTakeTheRoutersAddressInIpv6Either) {
  const IpAddress router = ip("fe80::254");
  seen_on_lan(neighbour(kRouter, {.target = router, .link_addresses = {kRouter}}));
  EXPECT_EQ(said(neighbour(kClient, {.target = router})), DropReason::address_claim);
  EXPECT_EQ(said(neighbour(kClient, {.target = router, .link_addresses = {kClient}})), DropReason::address_claim);
  EXPECT_EQ(said(neighbour(kClient, {.type = kNeighbourSolicitation, .source = router})), DropReason::address_claim);
  EXPECT_EQ(said(ipv6_udp(kOther, kClient, {.source = router})), DropReason::forged_address);
}

TEST_F(AddressesTest, ARouterIsKnownByItsAdvertisement) {
  seen_on_lan(ipv6_icmp(kAllNodesMac, kRouter, 134));
  EXPECT_EQ(said(neighbour(kClient, {.target = ipv6_of(kRouter)})), DropReason::address_claim);
}

TEST_F(AddressesTest, AClientCannotTakeAnothersAddress) {
  EXPECT_EQ(said(arp(kOther, kOtherIp, kRouterIp)), DropReason::none);
  EXPECT_EQ(said(arp(kClient, kOtherIp, kRouterIp)), DropReason::address_claim);
  EXPECT_EQ(said(ipv4_udp(kRouter, kClient, {.source = kOtherIp})), DropReason::forged_address);
  EXPECT_EQ(said(ipv4_udp(kRouter, kOther)), DropReason::none);
}

TEST_F(AddressesTest, AClientSpeaksForItsOwnMacOnly) {
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp, kOther)), DropReason::address_claim);
  for (const std::uint8_t type : {kRouterSolicitation, kNeighbourSolicitation, kNeighbourAdvertisement}) {
    EXPECT_EQ(said(neighbour(kClient, {.type = type, .link_addresses = {kOther}})), DropReason::address_claim);
    EXPECT_EQ(said(neighbour(kClient, {.type = type, .link_addresses = {kOther, kClient}})), DropReason::address_claim);
  }
}

TEST_F(AddressesTest, AnArpMessageThatCannotBeReadIsNotPassedOn) {
  EXPECT_EQ(said(ethernet(kBroadcastMac, kClient, proto::ethertype::arp, pattern(28))), DropReason::address_claim);
}

TEST_F(AddressesTest, AProbeAlwaysPasses) {
  seen_on_lan(arp(kRouter, kRouterIp, kClientIp));
  seen_on_lan(neighbour(kRouter, {.target = ip("fe80::254")}));
  EXPECT_EQ(said(arp_probe(kClient, kRouterIp)), DropReason::none);
  EXPECT_EQ(said(neighbour_probe(kClient, ip("fe80::254"))), DropReason::none);
  EXPECT_EQ(said(arp(kClient, kRouterIp, kRouterIp)), DropReason::address_claim);
}

TEST_F(AddressesTest, AProbeReservesAFreeAddressSoThatNobodyAnswersInBadFaith) {
  EXPECT_EQ(said(arp_probe(kClient, kClientIp)), DropReason::none);
  EXPECT_EQ(said(neighbour_probe(kClient, ip("fe80::7"))), DropReason::none);
  EXPECT_EQ(said(arp(kOther, kClientIp, kClientIp)), DropReason::address_claim);
  EXPECT_EQ(said(neighbour(kOther, {.target = ip("fe80::7")})), DropReason::address_claim);
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp)), DropReason::none);
}

TEST_F(AddressesTest, AnAddressIsKnownToTheLanAfterItWasAClients) {
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp)), DropReason::none);
  seen_on_lan(arp(kRouter, kClientIp, kClientIp));
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp)), DropReason::address_claim);
  EXPECT_EQ(said(ipv4_udp(kOther, kClient)), DropReason::forged_address);
}

TEST_F(AddressesTest, ADhcpLeaseIsKeptAgainstOthers) {
  const IpAddress leased = ip("192.0.2.77");
  EXPECT_EQ(said(arp(kOther, leased, leased)), DropReason::none);
  seen_on_lan(dhcp_ack(kRouter, leased, kClient));
  EXPECT_EQ(said(arp(kOther, leased, leased)), DropReason::address_claim);
  EXPECT_EQ(said(arp(kClient, leased, leased)), DropReason::none);
}

TEST_F(AddressesTest, ADhcpLeaseOfALanHostIsKnown) {
  const IpAddress leased = ip("192.0.2.78");
  seen_on_lan(dhcp_ack(kRouter, leased, test_mac(60)));
  EXPECT_EQ(said(arp(kClient, leased, leased)), DropReason::address_claim);
}

TEST_F(AddressesTest, PacketsFromTheLanTeachNothing) {
  EXPECT_EQ(said(ipv4_udp(kRouter, kClient)), DropReason::none);
  seen_on_lan(ipv4_udp(kOther, kRouter, {.source = kClientIp}));  // sent back by a router
  EXPECT_EQ(said(ipv4_udp(kRouter, kClient)), DropReason::none);
}

TEST_F(AddressesTest, PacketsFromTheLanKeepWhatIsKnown) {
  seen_on_lan(arp(kRouter, kRouterIp, kClientIp));
  now_ += minutes(9);
  seen_on_lan(ipv4_udp(kOther, kRouter, {.source = kRouterIp}));
  now_ += minutes(9);
  EXPECT_EQ(said(arp(kClient, kRouterIp, kClientIp)), DropReason::address_claim);
}

TEST_F(AddressesTest, TheLanCannotSayThatAClientHasAnAddress) {
  seen_on_lan(arp(kRouter, kClientIp, kClientIp, kOther));
  seen_on_lan(neighbour(kRouter, {.target = ip("fe80::7"), .link_addresses = {kOther}}));
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp)), DropReason::none);
  EXPECT_EQ(said(neighbour(kClient, {.target = ip("fe80::7")})), DropReason::none);
}

TEST_F(AddressesTest, ProbesOfLanHostsBindNothing) {
  seen_on_lan(arp_probe(kRouter, kClientIp));
  seen_on_lan(neighbour_probe(kRouter, ip("fe80::7")));
  EXPECT_EQ(said(arp(kClient, kClientIp, kClientIp)), DropReason::none);
  EXPECT_EQ(said(neighbour(kClient, {.target = ip("fe80::7")})), DropReason::none);
}

TEST_F(AddressesTest, AHostWithoutAnAddressYetMaySpeak) {
  EXPECT_EQ(said(dhcp_client_message(kClient)), DropReason::none);
  EXPECT_EQ(said(dhcp_client_message(kOther)), DropReason::none);
  EXPECT_EQ(said(neighbour(kClient, {.type = kRouterSolicitation, .source = ip("::")})), DropReason::none);
}

TEST_F(AddressesTest, NobodyHasABroadcastMulticastOrLoopbackAddress) {
  for (const char* address : {"255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.1"}) {
    EXPECT_EQ(said(ipv4_udp(kOther, kClient, {.source = ip(address)})), DropReason::forged_address) << address;
    EXPECT_EQ(said(arp(kClient, ip(address), kOtherIp)), DropReason::address_claim) << address;
  }
  for (const char* address : {"::1", "ff02::1"})
    EXPECT_EQ(said(ipv6_udp(kOther, kClient, {.source = ip(address)})), DropReason::forged_address) << address;
}

TEST_F(AddressesTest, LinkLocalAddressesAreFirstComeFirstServed) {
  EXPECT_EQ(said(arp(kClient, ip("169.254.7.7"), ip("169.254.7.7"))), DropReason::none);
  EXPECT_EQ(said(arp(kOther, ip("169.254.7.7"), ip("169.254.7.7"))), DropReason::address_claim);
  EXPECT_EQ(said(arp(kOther, ip("169.254.7.8"), ip("169.254.7.8"))), DropReason::none);
}

TEST_F(AddressesTest, AScanOfEveryAddressHoldsButAFew) {
  int claimed = 0;
  for (std::uint8_t i = 1; i < 255; ++i) {
    const IpAddress address{IpAddress::Family::v4, {10, 0, 0, i}};
    claimed += said(arp(kClient, address, address)) == DropReason::none ? 1 : 0;
  }
  EXPECT_EQ(claimed, static_cast<int>(Bindings::kMaxIpv4));
}

TEST_F(AddressesTest, OtherProtocolsHaveNone) {
  EXPECT_EQ(said(llc(kOther, kClient)), DropReason::none);
  EXPECT_EQ(said(ethernet(kOther, kClient, proto::ethertype::ipv4, pattern(46))), DropReason::none);
}

}  // namespace
}  // namespace softlan::relay
