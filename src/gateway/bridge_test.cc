#include "gateway/bridge.h"

#include <gmock/gmock.h>

#include <array>
#include <sstream>

#include "session/test_session.h"

namespace softlan::gateway {
namespace {

using link::test::SentFrame;
using obs::DropReason;
using proto::test::kBroadcastMac;
using session::test::client_peer;
using session::test::FakeLink;
using session::test::Frame;
using session::test::kOwnSeat;
using session::test::test_mac;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// The LAN's own hosts, none of them a member.
const proto::Mac kHost = test_mac(101);
const proto::Mac kOtherHost = test_mac(102);

Frame frame(const proto::Mac& to, const proto::Mac& from) { return proto::test::ipv4_udp(to, from); }

class FakeLan final : public LanPort {
 public:
  std::size_t write(std::span<const FrameRef> frames) override {
    for (const FrameRef& one : frames) written.emplace_back(one.bytes().begin(), one.bytes().end());
    return refuses ? frames.size() : 0;
  }

  std::vector<Frame> written;
  bool refuses = false;
};

class GatewayBridge : public testing::Test {
 protected:
  explicit GatewayBridge(BridgeConfig config = {.cam_refresh = seconds(5), .log_frames = false})
      : bridge_(config, story_.pool, lan_, log_) {
    bridge_.attach(story_.session);
  }

  // Seated, and alone in the room.
  FakeLink& sit_down() {
    FakeLink& relay = story_.start_seated(session::test::welcome(kOwnSeat));
    relay.take();
    return relay;
  }
  // The client whose MAC ends in `number`; the refresh frame of its joining is not looked at.
  void join(std::uint8_t number) {
    story_.say(client_peer(number));
    lan_.written.clear();
  }
  void leave(std::uint8_t number) { story_.say(ctrl::PeerLeft{.peer = PeerId{number}, .reason = {}}); }
  void from_lan(const Frame& bytes) {
    std::array<FrameRef, 1> batch = {story_.pool.copy(bytes)};
    bridge_.on_lan_frames(story_.now, batch);
  }
  // The frames that reached the room since the last call.
  std::vector<Frame> in_room() {
    std::vector<Frame> frames;
    for (const SentFrame& sent : story_.link().all<SentFrame>()) frames.push_back(sent.bytes);
    story_.link().take();
    return frames;
  }
  void expect_kept_out(const Frame& bytes, DropReason reason) {
    const std::uint64_t before = bridge_.counters().in.dropped(reason);
    from_lan(bytes);
    EXPECT_THAT(in_room(), SizeIs(0));
    EXPECT_EQ(bridge_.counters().in.dropped(reason), before + 1);
  }
  void wait_for_refresh() {
    story_.now = bridge_.next_deadline();
    bridge_.on_deadline(story_.now);
  }

  FakeLan lan_;
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::info, obs::LogFormat::text);
  session::test::Story story_{session::test::config_of(ctrl::Role::gateway), bridge_};
  Bridge bridge_;
};

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
  expect_kept_out(frame(kBroadcastMac, test_mac(3)), DropReason::reflected);
  expect_kept_out(frame(kHost, test_mac(3)), DropReason::reflected);
}

TEST_F(GatewayBridge, KeepsTheSwitchesTalkAmongThemselves) {
  sit_down();
  const proto::Mac spanning_tree{{0x01, 0x80, 0xc2, 0, 0, 0}};
  expect_kept_out(proto::test::llc(spanning_tree, kHost), DropReason::switch_control);
}

TEST_F(GatewayBridge, KeepsOtherGatewaysRefreshFramesOnTheLan) {
  sit_down();
  expect_kept_out(proto::test::ethernet(kBroadcastMac, kHost, proto::ethertype::softlan, Frame(46)),
                  DropReason::not_for_members);
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
    wait_for_refresh();
    EXPECT_THAT(lan_.written, SizeIs(2));
  }
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
  wait_for_refresh();
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
  GatewayBridgeWithoutRefresh() : GatewayBridge({.cam_refresh = Duration::zero(), .log_frames = false}) {}
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
  GatewayBridgeWithFrameLog() : GatewayBridge({.cam_refresh = seconds(5), .log_frames = true}) {}
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
