#include "relay/forwarder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using ctrl::Role;
using obs::DropReason;
using std::chrono::seconds;
using namespace proto::test;

constexpr proto::Mac kMdnsMac{{0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb}};

// A room with clients 1, 2 and 3; MACs from 50 up are on the LAN.
class ForwarderTest : public testing::Test {
 protected:
  Seat& seat(std::uint8_t number, Role role = Role::client, const ctrl::Limits& limits = {}) {
    Seat member;
    member.role = role;
    member.mac = test_mac(number);
    member.limits = SeatLimits(limits);
    return room_.join(std::move(member), PeerId{number});
  }
  Seat& add_gateway() { return seat(9, Role::gateway); }

  // A frame from `source` to `destination`, handed in by `from`.
  Verdict decide(Seat& from, const proto::Mac& destination, const proto::Mac& source) {
    return forwarder_.decide(now_, room_, from, ipv4_udp(destination, source));
  }
  Verdict decide(Seat& from, const proto::Mac& destination) { return decide(from, destination, from.mac); }
  DropReason decide(Seat& from, const Frame& frame) { return forwarder_.decide(now_, room_, from, frame).drop; }

  static std::vector<std::uint16_t> ids(const Verdict& verdict) {
    std::vector<std::uint16_t> found;
    for (const Seat* target : verdict.targets) found.push_back(to_number(target->id));
    std::ranges::sort(found);
    return found;
  }
  using Ids = std::vector<std::uint16_t>;

  TimePoint now_{};
  Room room_{"ROOM1"};
  Forwarder forwarder_{64};
  Seat& first_ = seat(1);
  Seat& second_ = seat(2);
  Seat& third_ = seat(3);
};

TEST_F(ForwarderTest, ABroadcastGoesToEverybodyElse) {
  add_gateway();
  EXPECT_EQ(ids(decide(first_, kBroadcastMac)), (Ids{2, 3, 9}));
}

TEST_F(ForwarderTest, AMulticastGoesToEverybodyElse) { EXPECT_EQ(ids(decide(second_, kMdnsMac)), (Ids{1, 3})); }

TEST_F(ForwarderTest, ABroadcastFromTheLanGoesToAllClients) {
  Seat& gateway = add_gateway();
  EXPECT_EQ(ids(decide(gateway, kBroadcastMac, test_mac(50))), (Ids{1, 2, 3}));
}

TEST_F(ForwarderTest, ABroadcastOfALoneMemberGoesNowhereAndIsNoDrop) {
  room_.leave(second_);
  room_.leave(third_);
  const Verdict verdict = decide(first_, kBroadcastMac);
  EXPECT_EQ(verdict.drop, DropReason::none);
  EXPECT_TRUE(verdict.targets.empty());
}

TEST_F(ForwarderTest, KnownUnicastGoesToItsOwnerOnly) {
  Seat& gateway = add_gateway();
  EXPECT_EQ(ids(decide(first_, test_mac(2))), Ids{2});
  EXPECT_EQ(ids(decide(first_, gateway.mac)), Ids{9});
  EXPECT_EQ(ids(decide(gateway, test_mac(3), test_mac(50))), Ids{3});
}

TEST_F(ForwarderTest, UnknownUnicastFromAClientGoesToTheGatewayOnly) {
  add_gateway();
  EXPECT_EQ(ids(decide(first_, test_mac(50))), Ids{9});
}

TEST_F(ForwarderTest, UnknownUnicastFromAClientIsDroppedWithoutAGateway) {
  EXPECT_EQ(decide(first_, test_mac(50)).drop, DropReason::no_gateway);
}

TEST_F(ForwarderTest, UnknownUnicastFromTheGatewayIsDropped) {
  Seat& gateway = add_gateway();
  const Verdict verdict = decide(gateway, test_mac(51), test_mac(50));
  EXPECT_EQ(verdict.drop, DropReason::unknown_unicast);
  EXPECT_TRUE(verdict.targets.empty());
}

TEST_F(ForwarderTest, NoFrameGoesBackWhereItCameFrom) {
  Seat& gateway = add_gateway();
  EXPECT_EQ(decide(first_, first_.mac).drop, DropReason::own_segment);
  EXPECT_EQ(decide(gateway, gateway.mac, test_mac(50)).drop, DropReason::own_segment);
}

TEST_F(ForwarderTest, AFrameBetweenLanHostsStaysOnTheLan) {
  Seat& gateway = add_gateway();
  (void)decide(gateway, kBroadcastMac, test_mac(51));
  EXPECT_EQ(decide(gateway, test_mac(51), test_mac(50)).drop, DropReason::own_segment);
}

TEST_F(ForwarderTest, AClientSendsWithExactlyItsMac) {
  add_gateway();
  EXPECT_EQ(decide(first_, test_mac(2), test_mac(3)).drop, DropReason::forged_source);
  EXPECT_EQ(decide(first_, test_mac(2), test_mac(9)).drop, DropReason::forged_source);
  EXPECT_EQ(decide(first_, kBroadcastMac, test_mac(50)).drop, DropReason::forged_source);
}

TEST_F(ForwarderTest, TheGatewaySendsWithAnyMacThatIsNotAClients) {
  Seat& gateway = add_gateway();
  EXPECT_EQ(decide(gateway, kBroadcastMac, test_mac(50)).drop, DropReason::none);
  EXPECT_EQ(decide(gateway, kBroadcastMac, gateway.mac).drop, DropReason::none);
  EXPECT_EQ(decide(gateway, kBroadcastMac, first_.mac).drop, DropReason::forged_source);
}

TEST_F(ForwarderTest, NobodySendsFromAMulticastOrZeroAddress) {
  Seat& gateway = add_gateway();
  for (Seat* from : {&first_, &gateway}) {
    EXPECT_EQ(decide(*from, test_mac(2), kBroadcastMac).drop, DropReason::invalid_source);
    EXPECT_EQ(decide(*from, test_mac(2), kMdnsMac).drop, DropReason::invalid_source);
    EXPECT_EQ(decide(*from, test_mac(2), proto::Mac{}).drop, DropReason::invalid_source);
  }
}

TEST_F(ForwarderTest, AFrameWithoutAWholeHeaderIsARunt) {
  EXPECT_EQ(decide(first_, Frame{}), DropReason::runt);
  EXPECT_EQ(decide(first_, Frame(13)), DropReason::runt);
  Frame cut_tag = vlan(ethernet(test_mac(2), first_.mac, 0x0800, Frame{}), 7);
  cut_tag.resize(15);
  EXPECT_EQ(decide(first_, cut_tag), DropReason::runt);
}

TEST_F(ForwarderTest, GuardsApply) {
  EXPECT_EQ(decide(first_, dhcp_server_message(first_.mac)), DropReason::dhcp_server);
  EXPECT_EQ(decide(first_, router_advertisement(first_.mac)), DropReason::router_advertisement);
  Seat& gateway = add_gateway();
  EXPECT_EQ(decide(gateway, dhcp_server_message(test_mac(50))), DropReason::none);
}

TEST_F(ForwarderTest, AClientSpeaksForItsOwnIpAddressOnly) {
  Seat& gateway = add_gateway();
  EXPECT_EQ(decide(gateway, arp(test_mac(50), ip("192.0.2.254"), ip("192.0.2.1"))), DropReason::none);
  EXPECT_EQ(decide(first_, arp(first_.mac, ip("192.0.2.254"), ip("192.0.2.2"))), DropReason::address_claim);
  EXPECT_EQ(decide(first_, ipv4_udp(test_mac(2), first_.mac, {.source = ip("192.0.2.254")})),
            DropReason::forged_address);
  EXPECT_EQ(decide(first_, arp(first_.mac, ip("192.0.2.1"), ip("192.0.2.2"))), DropReason::none);
}

TEST_F(ForwarderTest, ClaimsAreNotCheckedWhereTheRoomSaysSo) {
  Room open("ROOM2", {.guards = {.address_claims = false}});
  for (const std::uint8_t number : Frame{1, 2}) {
    Seat member;
    member.mac = test_mac(number);
    Seat& seated = open.join(std::move(member), PeerId{number});
    const Frame claim = arp(seated.mac, ip("192.0.2.7"), ip("192.0.2.7"));
    EXPECT_EQ(forwarder_.decide(now_, open, seated, claim).drop, DropReason::none);
  }
}

// What the home-PC shield closes.
Frame file_sharing(const proto::Mac& to, const proto::Mac& from, const IpAddress& destination) {
  return ipv4_tcp(to, from, {.destination = destination, .destination_port = 445});
}

TEST_F(ForwarderTest, TheShieldKeepsClientsOffEachOthersPcs) {
  const Frame hostile = file_sharing(second_.mac, first_.mac, ipv4_of(second_.mac));
  EXPECT_EQ(decide(first_, hostile), DropReason::home_shield);
  EXPECT_EQ(decide(first_, ipv4_tcp(second_.mac, first_.mac, {.destination_port = 27015})), DropReason::none);
}

TEST_F(ForwarderTest, TheShieldDoesNotCoverTheLan) {
  Seat& gateway = add_gateway();
  EXPECT_EQ(decide(first_, file_sharing(test_mac(50), first_.mac, ip("192.0.2.50"))), DropReason::none);
  EXPECT_EQ(decide(first_, file_sharing(gateway.mac, first_.mac, ip("192.0.2.9"))), DropReason::none);
  EXPECT_EQ(decide(gateway, file_sharing(first_.mac, test_mac(50), ip("192.0.2.1"))), DropReason::none);
}

TEST_F(ForwarderTest, TheShieldHoldsOnTheWayRoundByARouter) {
  add_gateway();
  (void)decide(second_, kBroadcastMac);
  EXPECT_EQ(decide(first_, file_sharing(test_mac(50), first_.mac, ipv4_of(second_.mac))), DropReason::home_shield);
}

TEST_F(ForwarderTest, AShieldedBroadcastReachesTheGatewayOnly) {
  const Frame query = ipv4_udp(kBroadcastMac, first_.mac, {.destination_port = 3389});
  EXPECT_EQ(decide(first_, query), DropReason::home_shield);
  add_gateway();
  EXPECT_EQ(ids(forwarder_.decide(now_, room_, first_, query)), Ids{9});
  EXPECT_EQ(ids(forwarder_.decide(now_, room_, first_, ipv4_udp(kBroadcastMac, first_.mac, {.destination_port = 137}))),
            (Ids{2, 3, 9}));
}

TEST_F(ForwarderTest, AMulticastReportOfAClientReachesTheLanButNoOtherClient) {
  const Frame igmp =
      ipv4(kMdnsMac, first_.mac, {.source = ipv4_of(first_.mac), .protocol = 2, .payload = {0x16, 0, 0, 0}});
  const Frame mld = ipv6_icmp(kAllNodesMac, first_.mac, 143, {hop_by_hop()});
  EXPECT_EQ(decide(first_, igmp), DropReason::no_gateway);
  add_gateway();
  EXPECT_EQ(ids(forwarder_.decide(now_, room_, first_, igmp)), Ids{9});
  EXPECT_EQ(ids(forwarder_.decide(now_, room_, first_, mld)), Ids{9});
}

TEST_F(ForwarderTest, MulticastReportsAndQueriesOfTheLanReachEverybody) {
  Seat& gateway = add_gateway();
  for (const std::uint8_t type : {std::uint8_t{0x11}, std::uint8_t{0x16}}) {
    const Frame igmp = ipv4(kMdnsMac, test_mac(50), {.protocol = 2, .payload = {type, 0, 0, 0}});
    EXPECT_EQ(ids(forwarder_.decide(now_, room_, gateway, igmp)), (Ids{1, 2, 3}));
  }
}

TEST_F(ForwarderTest, BroadcastAndMulticastOfAClientShareOneLimit) {
  Seat& limited =
      seat(4, Role::client, {.broadcast_per_second = 1, .unknown_unicast_per_second = 0, .bytes_per_second = 0});
  EXPECT_EQ(decide(limited, kBroadcastMac).drop, DropReason::none);
  EXPECT_EQ(decide(limited, kMdnsMac).drop, DropReason::none);
  EXPECT_EQ(decide(limited, kBroadcastMac).drop, DropReason::broadcast_limit);
  EXPECT_EQ(decide(limited, test_mac(2)).drop, DropReason::none);
  now_ += seconds(1);
  EXPECT_EQ(decide(limited, kBroadcastMac).drop, DropReason::none);
}

TEST_F(ForwarderTest, BroadcastsOfOneKindHaveALimitOfTheirOwn) {
  first_.limits = SeatLimits({}, 1);
  EXPECT_EQ(decide(first_, kBroadcastMac).drop, DropReason::none);
  EXPECT_EQ(decide(first_, kMdnsMac).drop, DropReason::none);
  EXPECT_EQ(decide(first_, kBroadcastMac).drop, DropReason::storm_control);
  EXPECT_EQ(decide(first_, arp(first_.mac, ip("192.0.2.1"), ip("192.0.2.2"))), DropReason::none);
  EXPECT_EQ(decide(first_, test_mac(2)).drop, DropReason::none);
}

TEST_F(ForwarderTest, TheRoomsBytesAreLimitedCopyByCopy) {
  Room room("ROOM2", {.limits = {.room_bytes_per_second = 1}});
  for (std::uint8_t number = 1; number <= 3; ++number) {
    Seat member;
    member.mac = test_mac(number);
    room.join(std::move(member), PeerId{number});
  }
  const Frame large = ethernet(kBroadcastMac, test_mac(1), 0x0800, Frame(1000 - 14));
  const auto judged = [&] { return forwarder_.decide(now_, room, *room.find(PeerId{1}), large); };
  for (int copies = 0; copies + 2 <= 65; copies += 2) EXPECT_EQ(judged().targets.size(), 2u);
  EXPECT_EQ(judged().drop, DropReason::room_bandwidth_limit);
  EXPECT_TRUE(judged().targets.empty());
}

TEST_F(ForwarderTest, UnknownUnicastOfAClientIsLimited) {
  add_gateway();
  Seat& limited =
      seat(4, Role::client, {.broadcast_per_second = 0, .unknown_unicast_per_second = 1, .bytes_per_second = 0});
  EXPECT_EQ(decide(limited, test_mac(50)).drop, DropReason::none);
  EXPECT_EQ(decide(limited, test_mac(50)).drop, DropReason::none);
  EXPECT_EQ(decide(limited, test_mac(50)).drop, DropReason::unknown_unicast_limit);
}

TEST_F(ForwarderTest, ALanHostThatHasSpokenIsNotUnknown) {
  Seat& gateway = add_gateway();
  Seat& limited =
      seat(4, Role::client, {.broadcast_per_second = 0, .unknown_unicast_per_second = 1, .bytes_per_second = 0});
  (void)decide(gateway, kBroadcastMac, test_mac(50));
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(ids(decide(limited, test_mac(50))), Ids{9});
}

TEST_F(ForwarderTest, ClientsAndForgedSourcesTeachNothingAboutTheLan) {
  Seat& gateway = add_gateway();
  (void)decide(first_, kBroadcastMac);
  (void)decide(first_, kBroadcastMac, test_mac(50));
  (void)decide(gateway, kBroadcastMac, first_.mac);
  EXPECT_FALSE(room_.lan_hosts().knows(now_, test_mac(50)));
  EXPECT_FALSE(room_.lan_hosts().knows(now_, first_.mac));
}

TEST_F(ForwarderTest, AllBytesOfAClientAreLimited) {
  Seat& limited =
      seat(4, Role::client, {.broadcast_per_second = 0, .unknown_unicast_per_second = 0, .bytes_per_second = 1000});
  const Frame large = ethernet(test_mac(2), limited.mac, 0x0800, Frame(1486));
  int passed = 0;
  while (decide(limited, large) == DropReason::none) ++passed;
  EXPECT_EQ(passed, 43);  // 64 KiB saved up
  EXPECT_EQ(decide(limited, large), DropReason::bandwidth_limit);
}

TEST_F(ForwarderTest, WhatIsDroppedBeforeCostsNoLimit) {
  Seat& limited =
      seat(4, Role::client, {.broadcast_per_second = 1, .unknown_unicast_per_second = 0, .bytes_per_second = 0});
  for (int i = 0; i < 10; ++i) (void)decide(limited, kBroadcastMac, test_mac(50));
  EXPECT_EQ(decide(limited, kBroadcastMac).drop, DropReason::none);
}

}  // namespace
}  // namespace softlan::relay
