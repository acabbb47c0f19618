// What the gateway does about loops, other gateways, and members whose MAC is seen on the LAN.
#include "gateway/bridge.h"
#include "gateway/test_bridge.h"

namespace softlan::gateway {
namespace {

using namespace test;
using obs::Condition;
using proto::Beacon;
using proto::BeaconWay;
using proto::test::kBroadcastMac;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;

const proto::Mac kGateway = test_mac(200);

class LoopGuard : public GatewayBridge {
 protected:
  LoopGuard() : GatewayBridge({.cam_refresh = seconds(100), .mac = kGateway, .beacon_key = auth::Key{7}}) {
    sit_down();
    join(3);
    wait_for_deadline();
    room_beacon_ = in_room().at(0);
    lan_beacon_ = lan_.written.at(0);
    lan_.written.clear();
  }

  void receive_from(std::uint8_t member, const Frame& bytes) { story_.receive(PeerId{member}, bytes); }
  // Without the gateway's own beacons.
  std::vector<Frame> written() {
    std::vector<Frame> frames = std::exchange(lan_.written, {});
    std::erase_if(frames, [](const Frame& one) { return proto::parse_frame(one)->source == kGateway; });
    return frames;
  }
  void wait(Duration time) {
    const TimePoint end = story_.now + time;
    while (bridge_.next_deadline() <= end) wait_for_deadline();
    story_.now = end;
    story_.link().take();
  }
  int told(Condition condition) {
    return static_cast<int>(
        std::ranges::count(story_.listener.told, condition, &session::test::FakeListener::Told::condition));
  }
  [[nodiscard]] std::uint64_t kept_out(DropReason reason) const { return bridge_.counters().in.dropped(reason); }

  Frame room_beacon_, lan_beacon_;
};

TEST_F(LoopGuard, AsksBothSidesAtOnceAndCountsItAsNobodysFrames) {
  EXPECT_EQ(proto::parse_beacon(proto::parse_frame(lan_beacon_).value())->way, BeaconWay::onto_lan);
  EXPECT_EQ(proto::parse_beacon(proto::parse_frame(room_beacon_).value())->way, BeaconWay::into_room);
  EXPECT_EQ(bridge_.beacons_to_room(), 1u);
  EXPECT_EQ(bridge_.counters().in.frames, 0u);
  EXPECT_EQ(bridge_.counters().out.frames, 0u);
}

TEST_F(LoopGuard, StopsForwardingWhenTheRoomComesBackOnTheLan) {
  expect_kept_out(room_beacon_, DropReason::beacon);
  EXPECT_EQ(told(Condition::room_loop), 1);
  EXPECT_EQ(bridge_.trouble(), Condition::room_loop);
  expect_kept_out(frame(kBroadcastMac, kHost), DropReason::loop);
  receive_from(3, frame(kHost, test_mac(3)));
  EXPECT_THAT(written(), SizeIs(0));
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::loop), 1u);
}

TEST_F(LoopGuard, NamesThePlayerWhoseComputerBroughtTheBeaconBack) {
  const FrameRef beacon = story_.pool.copy(room_beacon_);
  const FrameRef named = proto::name_bearer(beacon, proto::parse_frame(beacon.bytes()).value(), test_mac(3));
  from_lan({named.bytes().begin(), named.bytes().end()});
  EXPECT_EQ(told(Condition::room_loop), 1);
  EXPECT_EQ(story_.listener.told.back().details.member, proto::to_string(test_mac(3)));
}

TEST_F(LoopGuard, NamesNobodyWhenTheBeaconDoesNot) {
  from_lan(room_beacon_);
  EXPECT_EQ(told(Condition::room_loop), 1);
  EXPECT_EQ(story_.listener.told.back().details.member, "");
}

TEST_F(LoopGuard, ShowsNobodyToTheSwitchesWhileThereIsALoop) {
  from_lan(room_beacon_);
  story_.say(client_peer(4));
  bridge_.on_lan_up(story_.now);
  EXPECT_THAT(written(), SizeIs(0));
}

TEST_F(LoopGuard, StopsForwardingWhenTheLanIsALoop) {
  for (int i = 0; i < 8; ++i) from_lan(lan_beacon_);
  EXPECT_EQ(told(Condition::lan_loop), 1);
  EXPECT_EQ(bridge_.trouble(), Condition::lan_loop);
  expect_kept_out(frame(kBroadcastMac, kHost), DropReason::loop);
}

TEST_F(LoopGuard, GoesOnByItselfWhenTheLoopIsGoneAndShowsTheMembersAgain) {
  from_lan(room_beacon_);
  wait(milliseconds(6999));
  EXPECT_EQ(told(Condition::loop_gone), 0);
  wait(milliseconds(1));
  EXPECT_EQ(told(Condition::loop_gone), 1);
  EXPECT_EQ(bridge_.trouble(), std::nullopt);
  EXPECT_THAT(written(), SizeIs(1));
  const Frame broadcast = frame(kBroadcastMac, kHost);
  from_lan(broadcast);
  EXPECT_THAT(in_room(), ElementsAre(broadcast));
}

TEST_F(LoopGuard, StaysStoppedWhileBeaconsComeBack) {
  for (int i = 0; i < 10; ++i) {
    from_lan(room_beacon_);
    wait(seconds(2));
    from_lan(frame(kBroadcastMac, kHost));
  }
  EXPECT_EQ(kept_out(DropReason::loop), 10u);
  EXPECT_EQ(told(Condition::room_loop), 1);
  EXPECT_EQ(told(Condition::loop_gone), 0);
}

TEST_F(LoopGuard, IsNotDeceivedByBeaconsOfAnother) {
  Beacons other(auth::Key{8});
  const Beacon beacon = other.make(story_.now, BeaconWay::onto_lan);
  const FrameRef bytes = proto::make_beacon(story_.pool, kOtherHost, beacon);
  expect_kept_out({bytes.bytes().begin(), bytes.bytes().end()}, DropReason::beacon);
  from_lan({bytes.bytes().begin(), bytes.bytes().end()});
  EXPECT_EQ(told(Condition::other_gateway), 1);
  EXPECT_EQ(bridge_.trouble(), std::nullopt);
}

TEST_F(LoopGuard, CarriesTheBeaconsOfAnotherRoomOn) {
  Beacons other(auth::Key{8});
  const Beacon beacon = other.make(story_.now, BeaconWay::into_room);
  const FrameRef made = proto::make_beacon(story_.pool, kOtherHost, beacon);
  const Frame bytes(made.bytes().begin(), made.bytes().end());
  from_lan(room_beacon_);  // a loop of ours does not keep the other from finding its own
  from_lan(bytes);
  EXPECT_THAT(in_room(), ElementsAre(bytes));
}

TEST_F(LoopGuard, SaysThatAMemberIsOnTheLanItselfWhenNoLoopExplainsIt) {
  expect_kept_out(frame(kBroadcastMac, test_mac(3)), DropReason::member_on_lan);
  expect_kept_out(frame(kHost, test_mac(3)), DropReason::member_on_lan);
  EXPECT_EQ(told(Condition::member_on_lan), 0);
  wait(seconds(1));
  EXPECT_EQ(told(Condition::member_on_lan), 1);
  EXPECT_EQ(story_.listener.told.back().details.member, proto::to_string(test_mac(3)));
  wait(seconds(5));
  from_lan(frame(kHost, test_mac(3)));
  wait(seconds(5));
  EXPECT_EQ(told(Condition::member_on_lan), 1);
}

TEST_F(LoopGuard, AsksForALoopWhenAMembersMacIsSeenOnTheLan) {
  story_.now += milliseconds(700);
  from_lan(frame(kBroadcastMac, test_mac(3)));
  EXPECT_EQ(bridge_.next_deadline(), story_.now);
  from_lan(room_beacon_);
  wait(seconds(3));
  EXPECT_EQ(told(Condition::member_on_lan), 0);
  EXPECT_EQ(told(Condition::room_loop), 1);
}

TEST_F(LoopGuard, TakesWhatAVirtualSwitchReflectsForNothingElse) {
  for (int i = 0; i < 20; ++i) {
    const Frame sent = frame(kBroadcastMac, test_mac(3));
    receive_from(3, sent);
    expect_kept_out(sent, DropReason::reflected);
    expect_kept_out(lan_beacon_, DropReason::beacon);
    wait(seconds(2));
    const auto beacons = std::exchange(lan_.written, {});
    lan_beacon_ = beacons.back();
  }
  EXPECT_EQ(told(Condition::member_on_lan), 0);
  EXPECT_EQ(bridge_.trouble(), std::nullopt);
}

TEST_F(LoopGuard, KeepsOneMemberOffTheLanThatSendsOurBeaconsBack) {
  join(4);
  Frame returned = lan_beacon_;
  test_mac(3).store(&returned[6]);
  receive_from(3, returned);
  receive_from(3, frame(kHost, test_mac(3)));
  const Frame innocent = frame(kHost, test_mac(4));
  receive_from(4, innocent);
  EXPECT_THAT(written(), ElementsAre(innocent));
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::loop), 1u);
  EXPECT_EQ(bridge_.counters().out.dropped(DropReason::beacon), 1u);
  EXPECT_EQ(told(Condition::member_loops), 1);
  wait(seconds(7));
  receive_from(3, frame(kHost, test_mac(3)));
  EXPECT_THAT(written(), SizeIs(1));
}

TEST_F(LoopGuard, AsksForALoopWhenTheLanStorms) {
  story_.now += milliseconds(700);
  for (int i = 0; i < 200; ++i) from_lan(frame(kBroadcastMac, kHost));
  EXPECT_EQ(kept_out(DropReason::storm_control), 100u);
  EXPECT_EQ(bridge_.next_deadline(), story_.now);
}

TEST_F(LoopGuard, WatchesForNothingWithoutASeat) {
  from_lan(room_beacon_);
  story_.lose(story_.link());
  EXPECT_EQ(bridge_.next_deadline(), kNever);
  EXPECT_EQ(bridge_.trouble(), std::nullopt);
}

}  // namespace
}  // namespace softlan::gateway
