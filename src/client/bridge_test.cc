#include "client/bridge.h"

#include <gmock/gmock.h>

#include <array>
#include <string>

#include "proto/beacon.h"
#include "session/test_session.h"

namespace softlan::client {
namespace {

using link::test::SentFrame;
using obs::DropReason;
using proto::test::ip;
using proto::test::kBroadcastMac;
using session::test::client_peer;
using session::test::FakeLink;
using session::test::Frame;
using session::test::gateway_peer;
using session::test::kGatewaySeat;
using session::test::relay_at;
using session::test::test_mac;
using session::test::welcome;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::SizeIs;

const proto::Mac kOwnMac = test_mac(1);
const proto::Mac kOther = test_mac(3);

class FakeTap final : public TapPort {
 public:
  std::size_t write(std::span<const FrameRef> frames) override {
    for (const FrameRef& one : frames) written.emplace_back(one.bytes().begin(), one.bytes().end());
    return refuses ? frames.size() : 0;
  }
  void set_mtu(std::uint16_t mtu) override { settings.push_back("mtu " + std::to_string(mtu)); }
  void set_carrier(bool on) override { settings.push_back(on ? "carrier on" : "carrier off"); }

  std::vector<Frame> written;
  std::vector<std::string> settings;  // in order
  bool refuses = false;
};

class ClientBridge : public testing::Test {
 protected:
  ClientBridge() { bridge_.attach(story_.session); }

  FakeLink& sit_down(const ctrl::Welcome& words = welcome()) {
    FakeLink& relay = story_.start_seated(words);
    relay.take();
    return relay;
  }
  // The same, with the relay at `address`.
  void sit_down_at(std::string_view address) {
    story_.session.start(story_.now);
    story_.resolve({relay_at(address)});
    story_.answer(story_.link());
    story_.say(welcome());
    story_.link().take();
  }
  void from_tap(const Frame& bytes) {
    std::array<FrameRef, 1> batch = {story_.pool.copy(bytes)};
    bridge_.on_tap_frames(story_.now, batch);
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
    from_tap(bytes);
    EXPECT_THAT(in_room(), SizeIs(0));
    EXPECT_EQ(bridge_.counters().in.dropped(reason), before + 1);
  }

  FakeTap tap_;
  Bridge bridge_{kOwnMac, tap_};
  session::test::Story story_{session::test::config_of(ctrl::Role::client), bridge_};
};

// ---- from the TAP to the room

TEST_F(ClientBridge, TakesFramesOfItsOwnMacToTheRoom) {
  sit_down();
  const Frame broadcast = proto::test::dhcp_client_message(kOwnMac);
  const Frame unicast = proto::test::ipv4_udp(kOther, kOwnMac);
  from_tap(broadcast);
  from_tap(unicast);
  EXPECT_THAT(in_room(), ElementsAre(broadcast, unicast));
}

TEST_F(ClientBridge, DropsFramesOfOtherMacs) {
  sit_down();
  expect_kept_out(proto::test::ipv4_udp(kBroadcastMac, kOther), DropReason::forged_source);
}

TEST_F(ClientBridge, DropsWhatIsNoFrame) {
  sit_down();
  expect_kept_out(Frame(13), DropReason::runt);
}

TEST_F(ClientBridge, KeepsTheTunnelOutOfTheTunnelOverIpv4) {
  sit_down_at("203.0.113.9");
  const Frame to_relay = proto::test::ipv4_udp(kOther, kOwnMac, {.destination = ip("203.0.113.9")});
  expect_kept_out(to_relay, DropReason::tunnel_in_tunnel);
  expect_kept_out(proto::test::vlan(to_relay, 7), DropReason::tunnel_in_tunnel);
  from_tap(proto::test::ipv4_udp(kOther, kOwnMac, {.destination = ip("203.0.113.10")}));
  EXPECT_THAT(in_room(), SizeIs(1));
}

TEST_F(ClientBridge, KeepsTheTunnelOutOfTheTunnelOverIpv6) {
  sit_down_at("2001:db8::9");
  expect_kept_out(proto::test::ipv6_udp(kOther, kOwnMac, {.destination = ip("2001:db8::9")}),
                  DropReason::tunnel_in_tunnel);
  from_tap(proto::test::ipv6_udp(kOther, kOwnMac, {.destination = ip("2001:db8::a")}));
  EXPECT_THAT(in_room(), SizeIs(1));
}

TEST_F(ClientBridge, LetsPacketsTooShortForAnAddressPass) {
  sit_down();
  from_tap(proto::test::ethernet(kOther, kOwnMac, proto::ethertype::ipv4, Frame(19)));
  from_tap(proto::test::ethernet(kOther, kOwnMac, proto::ethertype::ipv6, Frame(39)));
  EXPECT_THAT(in_room(), SizeIs(2));
}

TEST_F(ClientBridge, TakesNothingToARoomWithoutASeat) {
  from_tap(proto::test::ipv4_udp(kBroadcastMac, kOwnMac));
  EXPECT_EQ(bridge_.counters().in.dropped(DropReason::not_seated), 1u);
  EXPECT_EQ(bridge_.counters().in.frames, 0u);
}

// ---- from the room to the TAP

TEST_F(ClientBridge, WritesTheRoomsFramesToTheTap) {
  sit_down();
  story_.say(client_peer(3));
  const Frame to_us = proto::test::ipv4_udp(kOwnMac, kOther);
  story_.receive(PeerId{3}, to_us);
  EXPECT_THAT(tap_.written, ElementsAre(to_us));
}

TEST_F(ClientBridge, NamesItselfInTheGatewaysBeacons) {
  sit_down();
  story_.say(gateway_peer());
  const FrameRef beacon =
      proto::make_beacon(story_.pool, test_mac(200), {.way = proto::BeaconWay::into_room, .number = 1});
  story_.receive(kGatewaySeat, {beacon.bytes().begin(), beacon.bytes().end()});
  ASSERT_THAT(tap_.written, SizeIs(1));
  const auto written = proto::parse_beacon(proto::parse_frame(tap_.written[0]).value());
  ASSERT_TRUE(written);
  EXPECT_EQ(written->bearer, kOwnMac);
}

TEST_F(ClientBridge, DropsItsOwnFramesThatComeBack) {
  sit_down();
  story_.say(client_peer(3));
  story_.receive(PeerId{3}, proto::test::ipv4_udp(kBroadcastMac, kOwnMac));
  EXPECT_THAT(tap_.written, SizeIs(0));
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::reflected), 1u);
}

// ---- the cable

TEST_F(ClientBridge, SetsTheRoomsMtuBeforeItRaisesTheCarrier) {
  ctrl::Welcome words = welcome();
  words.mtu = 1280;
  sit_down(words);
  EXPECT_THAT(tap_.settings, ElementsAre("mtu 1280", "carrier on"));
}

TEST_F(ClientBridge, HasNoCarrierWithoutASeat) {
  FakeLink& relay = sit_down();
  tap_.settings.clear();
  story_.lose(relay);
  EXPECT_THAT(tap_.settings, SizeIs(0));
  EXPECT_EQ(bridge_.next_deadline(), story_.now + Bridge::kSeatGrace);
  bridge_.on_deadline(story_.now + Bridge::kSeatGrace);
  EXPECT_THAT(tap_.settings, ElementsAre("carrier off"));
  tap_.settings.clear();
  story_.wait_for_deadline();
  story_.sit_down();
  EXPECT_THAT(tap_.settings, ElementsAre("mtu 1500", "carrier on"));
}

TEST_F(ClientBridge, KeepsTheCarrierWhenTheSeatIsSoonBackAndTheGatewayTheSame) {
  FakeLink& relay = sit_down(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  tap_.settings.clear();
  story_.lose(relay);
  story_.wait_for_deadline();
  story_.sit_down();
  story_.say(gateway_peer());
  EXPECT_THAT(tap_.settings, ElementsAre("mtu 1500"));
  EXPECT_EQ(bridge_.next_deadline(), kNever);
}

TEST_F(ClientBridge, BouncesTheCarrierWhenAGatewayArrives) {
  sit_down();
  tap_.settings.clear();
  story_.say(gateway_peer());
  EXPECT_THAT(tap_.settings, ElementsAre("carrier off"));
  EXPECT_GT(bridge_.next_deadline() - story_.now, milliseconds(1000));  // a shorter one may go unnoticed
  EXPECT_LT(bridge_.next_deadline() - story_.now, milliseconds(1500));
  bridge_.on_deadline(bridge_.next_deadline() - milliseconds(1));
  EXPECT_THAT(tap_.settings, SizeIs(1));
  bridge_.on_deadline(bridge_.next_deadline());
  EXPECT_THAT(tap_.settings, ElementsAre("carrier off", "carrier on"));
  EXPECT_EQ(bridge_.next_deadline(), kNever);
}

TEST_F(ClientBridge, DoesNotBounceTheCarrierForTheGatewayOfTheWelcome) {
  sit_down(welcome(kGatewaySeat));
  tap_.settings.clear();
  story_.say(gateway_peer());
  EXPECT_THAT(tap_.settings, SizeIs(0));
  EXPECT_EQ(bridge_.next_deadline(), kNever);
}

TEST_F(ClientBridge, BouncesTheCarrierForAGatewayThatWasAwayForLong) {
  sit_down(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  story_.say(ctrl::PeerLeft{.peer = kGatewaySeat, .reason = {}});
  tap_.settings.clear();
  story_.wait(Bridge::kGatewayGrace + milliseconds(1));
  story_.say(gateway_peer());
  EXPECT_THAT(tap_.settings, ElementsAre("carrier off"));
}

TEST_F(ClientBridge, KeepsTheCarrierForAGatewayThatIsSoonBack) {
  sit_down(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  story_.say(ctrl::PeerLeft{.peer = kGatewaySeat, .reason = {}});
  tap_.settings.clear();
  story_.say(gateway_peer());
  EXPECT_THAT(tap_.settings, SizeIs(0));
}

TEST_F(ClientBridge, DoesNotBounceTheCarrierForOtherPlayers) {
  sit_down();
  tap_.settings.clear();
  story_.say(client_peer(3));
  EXPECT_THAT(tap_.settings, SizeIs(0));
}

TEST_F(ClientBridge, LeavesTheCarrierDownWhenTheSeatIsLostForGood) {
  FakeLink& relay = sit_down();
  story_.lose(relay);
  bridge_.on_deadline(story_.now + Bridge::kSeatGrace);
  EXPECT_EQ(tap_.settings.back(), "carrier off");
  EXPECT_EQ(bridge_.next_deadline(), kNever);
}

// ---- counters

TEST_F(ClientBridge, CountsFramesOfBothDirections) {
  sit_down();
  story_.say(client_peer(3));
  const Frame out = proto::test::ipv4_udp(kOther, kOwnMac);
  const Frame in = proto::test::dhcp_server_message(kOther);
  from_tap(out);
  story_.receive(PeerId{3}, in);
  EXPECT_EQ(bridge_.counters().in.frames, 1u);
  EXPECT_EQ(bridge_.counters().in.bytes, out.size());
  EXPECT_EQ(bridge_.counters().out.frames, 1u);
  EXPECT_EQ(bridge_.counters().out.bytes, in.size());
}

TEST_F(ClientBridge, CountsWhatTheDeviceRefusesOrLoses) {
  sit_down();
  story_.say(client_peer(3));
  tap_.refuses = true;
  story_.receive(PeerId{3}, proto::test::ipv4_udp(kOwnMac, kOther));
  bridge_.on_tap_drops(DropReason::no_buffer, 4);
  EXPECT_EQ(bridge_.counters().out.frames, 0u);
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::device_refused), 1u);
  EXPECT_EQ(bridge_.counters().in.dropped(DropReason::no_buffer), 4u);
}

}  // namespace
}  // namespace softlan::client
