#include "gateway/bridge.h"

#include "gateway/test_bridge.h"

namespace softlan::gateway {
namespace {

using namespace test;
using proto::test::kBroadcastMac;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// ---- from the LAN to the room

TEST_F(GatewayBridge, TakesBroadcastsAndMulticastsToTheRoom) {
  sit_down();
  const Frame arp = proto::test::arp(kHost, proto::test::ip("192.0.2.1"), proto::test::ip("192.0.2.2"));
  const Frame multicast = proto::test::ipv6_udp(proto::test::kAllNodesMac, kHost);
  from_lan(arp);
  from_lan(multicast);
  EXPECT_THAT(in_room(), ElementsAre(arp, multicast));
}

TEST_F(GatewayBridge, TakesUnicastToMembersToTheRoom) {
  sit_down();
  join(3);
  const Frame to_member = frame(test_mac(3), kHost);
  from_lan(to_member);
  EXPECT_THAT(in_room(), ElementsAre(to_member));
}

TEST_F(GatewayBridge, LeavesTheLansPrivateUnicastAtHome) {
  sit_down();
  join(3);
  expect_kept_out(frame(kOtherHost, kHost), DropReason::not_for_members);
  leave(3);
  expect_kept_out(frame(test_mac(3), kHost), DropReason::not_for_members);
}

TEST_F(GatewayBridge, DropsMembersFramesThatComeBack) {
  sit_down();
  join(3);
  const Frame sent = frame(kBroadcastMac, test_mac(3));
  story_.receive(PeerId{3}, sent);
  expect_kept_out(sent, DropReason::reflected);
}

TEST_F(GatewayBridge, KeepsTheSwitchesTalkAmongThemselves) {
  sit_down();
  const proto::Mac spanning_tree{{0x01, 0x80, 0xc2, 0, 0, 0}};
  expect_kept_out(proto::test::llc(spanning_tree, kHost), DropReason::switch_control);
}

TEST_F(GatewayBridge, KeepsOtherGatewaysRefreshFramesOnTheLan) {
  sit_down();
  expect_kept_out(proto::test::ethernet(kBroadcastMac, kHost, proto::ethertype::softlan, Frame(46)),
                  DropReason::beacon);
}

TEST_F(GatewayBridge, CarriesOthersFramesOfTheSameEthertype) {
  sit_down();
  join(3);
  const Frame broadcast = proto::test::ethernet(kBroadcastMac, kHost, proto::ethertype::softlan, Frame(46, 9));
  const Frame unicast = proto::test::ethernet(test_mac(3), kHost, proto::ethertype::softlan, Frame(46));
  from_lan(broadcast);
  from_lan(unicast);
  EXPECT_THAT(in_room(), ElementsAre(broadcast, unicast));
  expect_kept_out(proto::test::ethernet(kOtherHost, kHost, proto::ethertype::softlan, Frame(46, 9)),
                  DropReason::not_for_members);
}

TEST_F(GatewayBridge, TakesEveryQuestionForAMembersAddressToTheRoom) {
  sit_down();
  join(3);
  const auto question = [](std::uint8_t host) {
    return proto::test::arp(kHost, proto::test::ipv4_of(kHost), proto::test::ipv4_of(test_mac(host)));
  };
  for (std::uint8_t host = 1; host <= 250; ++host) from_lan(question(host));
  EXPECT_THAT(in_room(), SizeIs(100));
  expect_kept_out(question(3), DropReason::storm_control);
  story_.receive(PeerId{3}, frame(kHost, test_mac(3)));
  from_lan(question(3));
  EXPECT_THAT(in_room(), ElementsAre(question(3)));
  leave(3);
  expect_kept_out(question(3), DropReason::storm_control);
}

TEST_F(GatewayBridge, TakesTheLansMulticastQueriesToTheRoom) {
  sit_down();
  const Frame igmp = proto::test::ipv4(kBroadcastMac, kHost, {.protocol = 2, .payload = {0x11, 100, 0, 0, 0, 0, 0, 0}});
  const Frame mld = proto::test::ipv6_icmp(proto::test::kAllNodesMac, kHost, 130);
  from_lan(igmp);
  from_lan(mld);
  EXPECT_THAT(in_room(), ElementsAre(igmp, mld));
}

TEST_F(GatewayBridge, DropsWhatIsNoFrame) {
  sit_down();
  expect_kept_out(Frame(13), DropReason::runt);
  expect_kept_out(frame(kBroadcastMac, kBroadcastMac), DropReason::invalid_source);
  expect_kept_out(frame(kBroadcastMac, proto::Mac{}), DropReason::invalid_source);
}

TEST_F(GatewayBridge, TakesNothingToARoomWithoutASeat) {
  from_lan(frame(kBroadcastMac, kHost));
  EXPECT_EQ(bridge_.counters().in.dropped(DropReason::not_seated), 1u);
  EXPECT_EQ(bridge_.counters().in.frames, 0u);
}

// ---- from the room to the LAN

TEST_F(GatewayBridge, WritesMembersFramesToTheLan) {
  sit_down();
  join(3);
  const Frame from_member = frame(kHost, test_mac(3));
  story_.receive(PeerId{3}, from_member);
  EXPECT_THAT(lan_.written, ElementsAre(from_member));
}

TEST_F(GatewayBridge, LetsAMemberSendWithItsAnnouncedMacOnly) {
  sit_down();
  join(3);
  join(4);
  story_.receive(PeerId{3}, frame(kHost, test_mac(4)));
  story_.receive(PeerId{3}, frame(kOtherHost, kHost));
  EXPECT_THAT(lan_.written, SizeIs(0));
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::forged_source), 2u);
}

TEST_F(GatewayBridge, GivesAMacToTheMemberAnnouncedWithItLast) {
  sit_down();
  join(3);
  ctrl::PeerJoined heir = client_peer(4);
  heir.mac = test_mac(3);
  story_.say(heir);
  leave(3);
  lan_.written.clear();
  story_.receive(PeerId{4}, frame(kHost, test_mac(3)));
  EXPECT_THAT(lan_.written, SizeIs(1));
}

TEST_F(GatewayBridge, TakesAMembersFormerMacAwayWhenItReturnsWithAnother) {
  sit_down();
  join(3);
  ctrl::PeerJoined changed = client_peer(3);
  changed.mac = test_mac(5);
  story_.say(changed);
  story_.receive(PeerId{3}, frame(kHost, test_mac(3)));
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::forged_source), 1u);
}

TEST_F(GatewayBridge, CountsNoGatewayAmongTheMembers) {
  sit_down();
  story_.say(session::test::gateway_peer());
  EXPECT_THAT(lan_.written, SizeIs(0));
  story_.receive(session::test::kGatewaySeat, frame(kHost, test_mac(2)));
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::forged_source), 1u);
}

// ---- CAM refresh

const Frame kTopologyChange =
    proto::test::llc(proto::Mac{{0x01, 0x80, 0xc2, 0, 0, 0}}, kHost, Frame{0x42, 0x42, 0x03, 0, 0, 0, 0x80});

TEST_F(GatewayBridge, ShowsTheSwitchesAMemberAtOnce) {
  sit_down();
  story_.say(client_peer(3));
  ASSERT_THAT(lan_.written, SizeIs(1));
  EXPECT_THAT(lan_.written[0], SizeIs(60));
  const auto view = proto::parse_frame(lan_.written[0]);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->destination, kBroadcastMac);
  EXPECT_EQ(view->source, test_mac(3));
  EXPECT_EQ(view->ethertype, proto::ethertype::softlan);
}

TEST_F(GatewayBridge, ShowsEveryMemberAgainEachInterval) {
  sit_down();
  const TimePoint seated = story_.now;
  join(3);
  join(4);
  for (int round = 1; round <= 3; ++round) {
    EXPECT_EQ(bridge_.next_deadline(), seated + seconds(5) * round);
    lan_.written.clear();
    wait_for_deadline();
    EXPECT_THAT(lan_.written, SizeIs(2));
  }
}

TEST_F(GatewayBridge, TellsThePortWhoseFramesItWillNeedBeforeTheyAreShown) {
  sit_down();
  join(3);
  EXPECT_THAT(lan_.members, ElementsAre(test_mac(3)));
  leave(3);
  EXPECT_THAT(lan_.members, SizeIs(0));
}

TEST_F(GatewayBridge, ShowsEveryMemberWhenTheCableIsPluggedInAgainAndOnceMoreWhenThePortIsReady) {
  sit_down();
  join(3);
  bridge_.on_lan_up(story_.now + seconds(2));
  EXPECT_THAT(lan_.written, SizeIs(1));
  EXPECT_EQ(bridge_.next_deadline(), story_.now + seconds(4));
  wait_for_deadline();
  EXPECT_THAT(lan_.written, SizeIs(2));
  EXPECT_EQ(bridge_.next_deadline(), story_.now + seconds(5));
}

TEST_F(GatewayBridge, ShowsEveryMemberWhenTheSwitchesForgetButNotMoreThanOnceASecond) {
  sit_down();
  join(3);
  expect_kept_out(kTopologyChange, DropReason::switch_control);
  EXPECT_EQ(bridge_.next_deadline(), story_.now);
  wait_for_deadline();
  EXPECT_THAT(lan_.written, SizeIs(1));
  expect_kept_out(kTopologyChange, DropReason::switch_control);
  EXPECT_EQ(bridge_.next_deadline(), story_.now + seconds(1));
}

TEST_F(GatewayBridge, ShowsNobodyBeforeTheIntervalIsOver) {
  sit_down();
  join(3);
  story_.now += milliseconds(4999);
  bridge_.on_deadline(story_.now);
  EXPECT_THAT(lan_.written, SizeIs(0));
}

TEST_F(GatewayBridge, ShowsNobodyWhoHasLeft) {
  sit_down();
  join(3);
  leave(3);
  wait_for_deadline();
  EXPECT_THAT(lan_.written, SizeIs(0));
}

TEST_F(GatewayBridge, ShowsNobodyWithoutASeat) {
  FakeLink& relay = sit_down();
  join(3);
  story_.lose(relay);
  EXPECT_EQ(bridge_.next_deadline(), kNever);
  EXPECT_THAT(lan_.written, SizeIs(0));
}

class GatewayBridgeWithoutRefresh : public GatewayBridge {
 protected:
  GatewayBridgeWithoutRefresh() : GatewayBridge({.cam_refresh = Duration::zero()}) {}
};

TEST_F(GatewayBridgeWithoutRefresh, ShowsMembersOnlyWhenTheyJoin) {
  sit_down();
  story_.say(client_peer(3));
  EXPECT_THAT(lan_.written, SizeIs(1));
  EXPECT_EQ(bridge_.next_deadline(), kNever);
}

// ---- counters and frame log

TEST_F(GatewayBridge, CountsFramesOfBothDirections) {
  sit_down();
  join(3);
  const Frame to_member = frame(test_mac(3), kHost);
  const Frame from_member = frame(kHost, test_mac(3));
  from_lan(to_member);
  story_.receive(PeerId{3}, from_member);
  EXPECT_EQ(bridge_.counters().in.frames, 1u);
  EXPECT_EQ(bridge_.counters().in.bytes, to_member.size());
  EXPECT_EQ(bridge_.counters().out.frames, 1u);
  EXPECT_EQ(bridge_.counters().out.bytes, from_member.size());
}

TEST_F(GatewayBridge, CountsWhatTheDeviceRefusesOrLoses) {
  sit_down();
  join(3);
  lan_.refuses = true;
  story_.receive(PeerId{3}, frame(kHost, test_mac(3)));
  bridge_.on_lan_drops(DropReason::no_buffer, 4);
  EXPECT_EQ(bridge_.counters().out.frames, 0u);
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::device_refused), 1u);
  EXPECT_EQ(bridge_.counters().in.dropped(DropReason::no_buffer), 4u);
}

class GatewayBridgeWithFrameLog : public GatewayBridge {
 protected:
  GatewayBridgeWithFrameLog() : GatewayBridge({.log_frames = true}) {}
};

TEST_F(GatewayBridgeWithFrameLog, SaysWhatBecameOfEachFrame) {
  sit_down();
  join(3);
  from_lan(frame(test_mac(3), kHost));
  EXPECT_THAT(log_text_.str(), HasSubstr("direction=lan_to_room peer=0 src=02:00:00:00:00:65 dst=02:00:00:00:00:03"));
  EXPECT_THAT(log_text_.str(), HasSubstr("action=forward reason=none"));
  story_.receive(PeerId{3}, frame(kHost, test_mac(4)));
  EXPECT_THAT(log_text_.str(), HasSubstr("direction=room_to_lan peer=3"));
  EXPECT_THAT(log_text_.str(), HasSubstr("action=drop reason=forged_source"));
}

TEST_F(GatewayBridgeWithFrameLog, SaysThatNothingLeavesWithoutASeat) {
  from_lan(frame(kBroadcastMac, kHost));
  EXPECT_THAT(log_text_.str(), HasSubstr("action=drop reason=not_seated"));
}

TEST_F(GatewayBridge, WritesNoFrameLogUnasked) {
  sit_down();
  from_lan(frame(kBroadcastMac, kHost));
  EXPECT_TRUE(log_text_.str().empty());
}

}  // namespace
}  // namespace softlan::gateway
