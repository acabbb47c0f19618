#include "gateway/beacons.h"

#include <gtest/gtest.h>

namespace softlan::gateway {
namespace {

using proto::Beacon;
using proto::BeaconWay;
using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::seconds(100)};

class BeaconsTest : public testing::Test {
 protected:
  Beacon make() { return beacons_.make(kNow, BeaconWay::onto_lan); }

  Beacons beacons_{auth::Key{1}};
};

TEST_F(BeaconsTest, AreKnownAgainWithTheirAge) {
  const Beacon beacon = make();
  const auto heard = beacons_.hear(kNow + milliseconds(30), beacon);
  EXPECT_TRUE(heard.ours);
  EXPECT_TRUE(heard.fresh);
  EXPECT_EQ(heard.age, milliseconds(30));
}

TEST_F(BeaconsTest, HaveTheirCopiesCountedOneByOne) {
  const Beacon first = make();
  const Beacon second = make();
  EXPECT_EQ(beacons_.hear(kNow, first).copies, 1u);
  EXPECT_EQ(beacons_.hear(kNow, first).copies, 2u);
  EXPECT_EQ(beacons_.hear(kNow, second).copies, 1u);
}

TEST_F(BeaconsTest, AreOursButNotFreshWhenManyHaveBeenSentSince) {
  const Beacon old = make();
  for (int i = 0; i < 16; ++i) (void)make();
  const auto heard = beacons_.hear(kNow, old);
  EXPECT_TRUE(heard.ours);
  EXPECT_FALSE(heard.fresh);
}

TEST_F(BeaconsTest, AreNotOursWithAnotherKey) {
  Beacons other(auth::Key{2});
  EXPECT_FALSE(beacons_.hear(kNow, other.make(kNow, BeaconWay::onto_lan)).ours);
}

TEST_F(BeaconsTest, AreNotOursWithAnythingChanged) {
  Beacon beacon = make();
  beacon.way = BeaconWay::into_room;
  EXPECT_FALSE(beacons_.hear(kNow, beacon).ours);
  beacon = make();
  ++beacon.number;
  EXPECT_FALSE(beacons_.hear(kNow, beacon).ours);
  beacon = make();
  beacon.proof[15] ^= 1;
  EXPECT_FALSE(beacons_.hear(kNow, beacon).ours);
  EXPECT_FALSE(beacons_.hear(kNow, Beacon{}).ours);
}

}  // namespace
}  // namespace softlan::gateway
