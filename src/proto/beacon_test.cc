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
  cut.resize(14 + 27);
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

TEST_F(BeaconTest, IsNoRefreshFrame) {
  const FrameRef refresh = make_refresh(pool_, test_mac(3));
  EXPECT_EQ(parse_frame(refresh.bytes())->source, test_mac(3));
  EXPECT_FALSE(parse_beacon(parse_frame(refresh.bytes()).value()));
}

}  // namespace
}  // namespace softlan::proto
