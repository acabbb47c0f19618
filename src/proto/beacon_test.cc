#include "proto/beacon.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using test::Frame;
using test::test_mac;

class BeaconTest : public testing::Test {
 protected:
  Frame made() {
    const Bytes bytes = make_beacon(pool_, test_mac(9), beacon_).bytes();
    return {bytes.begin(), bytes.end()};
  }
  static std::optional<Beacon> read(const Frame& frame) { return parse_beacon(parse_frame(frame).value()); }

  FramePool pool_{2};
  Beacon beacon_{.way = BeaconWay::into_room, .number = 0x0102'0304'0506'0708, .proof = {1, 2, 3}};
};

TEST_F(BeaconTest, IsReadAsItWasMade) {
  const auto read_back = read(made());
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->way, beacon_.way);
  EXPECT_EQ(read_back->number, beacon_.number);
  EXPECT_EQ(read_back->proof, beacon_.proof);
}

TEST_F(BeaconTest, IsAShortBroadcastFromTheGateway) {
  const Frame frame = made();
  const auto view = parse_frame(frame).value();
  EXPECT_EQ(frame.size(), 60u);
  EXPECT_TRUE(view.destination.is_broadcast());
  EXPECT_EQ(view.source, test_mac(9));
}

TEST_F(BeaconTest, IsKnownBehindAVlanTag) { EXPECT_TRUE(read(test::vlan(made(), 7))); }

TEST_F(BeaconTest, IsNothingCutShortOrOfAnotherKindVersionWayOrType) {
  Frame cut = made();
  cut.resize(14 + 33);
  EXPECT_FALSE(read(cut));
  for (const std::size_t at : {12, 14, 15, 16, 17}) {
    Frame other = made();
    other[at] ^= 2;
    EXPECT_FALSE(read(other)) << at;
  }
}

TEST_F(BeaconTest, ProvesAllItSays) {
  Beacon other = beacon_;
  other.way = BeaconWay::onto_lan;
  EXPECT_NE(proven_part(other), proven_part(beacon_));
  other = beacon_;
  ++other.number;
  EXPECT_NE(proven_part(other), proven_part(beacon_));
}

TEST_F(BeaconTest, IsNotMadeWithoutABuffer) {
  FramePool none(0);
  EXPECT_FALSE(make_beacon(none, test_mac(9), beacon_));
  EXPECT_FALSE(make_refresh(none, test_mac(9)));
}

TEST_F(BeaconTest, NamesTheFirstClientThatHandsItOn) {
  const auto hand_on = [this](const Frame& frame, std::uint8_t client) {
    const FrameRef received = pool_.copy(frame);
    const FrameRef named = name_bearer(received, parse_frame(received.bytes()).value(), test_mac(client));
    return named ? Frame{named.bytes().begin(), named.bytes().end()} : Frame{};
  };
  EXPECT_EQ(read(made())->bearer, Mac{});
  const Frame handed_on = hand_on(made(), 3);
  EXPECT_EQ(read(handed_on)->bearer, test_mac(3));
  EXPECT_EQ(proven_part(*read(handed_on)), proven_part(beacon_));
  EXPECT_EQ(read(hand_on(test::vlan(made(), 7), 3))->bearer, test_mac(3));
  EXPECT_EQ(hand_on(handed_on, 4), Frame{});
  EXPECT_EQ(hand_on(test::ipv4_udp(test_mac(1), test_mac(2)), 3), Frame{});
  beacon_.way = BeaconWay::onto_lan;
  EXPECT_EQ(hand_on(made(), 3), Frame{});
}

TEST_F(BeaconTest, IsNoRefreshFrame) {
  const FrameRef refresh = make_refresh(pool_, test_mac(3));
  const FrameView view = parse_frame(refresh.bytes()).value();
  EXPECT_EQ(view.source, test_mac(3));
  EXPECT_FALSE(parse_beacon(view));
  EXPECT_TRUE(is_refresh(view));
}

TEST_F(BeaconTest, LeavesOthersTheirFramesOfItsType) {
  const auto is_ours = [](const Mac& to, Bytes payload, std::uint16_t type = ethertype::softlan) {
    const Frame frame = test::ethernet(to, test_mac(1), type, payload);
    return is_refresh(parse_frame(frame).value()) || read(frame);
  };
  EXPECT_FALSE(is_ours(test::kBroadcastMac, test::pattern(46)));
  EXPECT_FALSE(is_ours(test_mac(2), Frame(46)));
  EXPECT_FALSE(is_ours(test::kBroadcastMac, Frame(46), 0x88b6));
}

}  // namespace
}  // namespace softlan::proto
