#include "gateway/loop_watch.h"

#include <gtest/gtest.h>

namespace softlan::gateway {
namespace {

using proto::Beacon;
using proto::BeaconWay;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Finding = LoopWatch::Finding;

class LoopWatchTest : public testing::Test {
 protected:
  LoopWatchTest() { watch_.begin(now_); }

  Beacon send(BeaconWay way) { return watch_.make(now_, way); }
  Finding hear(const Beacon& beacon) { return watch_.on_lan_beacon(now_, beacon); }
  void stop_by_the_room() { EXPECT_EQ(hear(send(BeaconWay::into_room)), Finding::loop_begins); }

  TimePoint now_{seconds(100)};
  LoopWatch watch_{auth::Key{1}};
};

TEST_F(LoopWatchTest, SendsBeaconsAtOnceAndThenEveryTwoSeconds) {
  EXPECT_TRUE(watch_.take_turn(now_));
  EXPECT_FALSE(watch_.take_turn(now_));
  EXPECT_EQ(watch_.next_deadline(), now_ + seconds(2));
  EXPECT_TRUE(watch_.take_turn(now_ + seconds(2)));
}

TEST_F(LoopWatchTest, AsksSoonerWhenSomethingLooksOddButTwiceASecondAtMost) {
  EXPECT_TRUE(watch_.take_turn(now_));
  watch_.ask(now_ + milliseconds(100));
  EXPECT_EQ(watch_.next_deadline(), now_ + milliseconds(500));
  now_ += milliseconds(500);
  EXPECT_TRUE(watch_.take_turn(now_));
  watch_.ask(now_ + seconds(1));
  EXPECT_EQ(watch_.next_deadline(), now_ + seconds(1));
}

TEST_F(LoopWatchTest, FindsALoopWhenARoomBeaconIsHeardOnTheLan) {
  stop_by_the_room();
  EXPECT_EQ(watch_.loop(), Loop::through_room);
}

TEST_F(LoopWatchTest, FindsALoopOfTheLanWhenABeaconGoesRoundInIt) {
  const Beacon beacon = send(BeaconWay::onto_lan);
  for (unsigned i = 1; i < LoopWatch::kReflections; ++i) EXPECT_EQ(hear(beacon), Finding::nothing);
  EXPECT_EQ(hear(beacon), Finding::loop_begins);
  EXPECT_EQ(watch_.loop(), Loop::in_lan);
}

TEST_F(LoopWatchTest, FindsASlowLoopByABeaconThatIsLate) {
  const Beacon beacon = send(BeaconWay::onto_lan);
  now_ += milliseconds(1001);
  EXPECT_EQ(hear(beacon), Finding::nothing);  // perhaps reflected long ago, and read only now
  EXPECT_EQ(hear(beacon), Finding::loop_begins);
}

TEST_F(LoopWatchTest, TakesReflectionsForNoLoop) {
  for (int i = 0; i < 100; ++i, now_ += seconds(2)) {
    const Beacon beacon = send(BeaconWay::onto_lan);
    EXPECT_EQ(hear(beacon), Finding::nothing);
    EXPECT_EQ(hear(beacon), Finding::nothing);
  }
  EXPECT_EQ(watch_.loop(), Loop::none);
}

TEST_F(LoopWatchTest, IsToldOfALoopOnce) {
  stop_by_the_room();
  EXPECT_EQ(hear(send(BeaconWay::into_room)), Finding::nothing);
}

TEST_F(LoopWatchTest, SeesTheEndOfALoopThreeBeaconsLater) {
  stop_by_the_room();
  now_ += seconds(5);
  (void)hear(send(BeaconWay::into_room));
  EXPECT_FALSE(watch_.take_end_of_loop(now_ + milliseconds(6999)));
  EXPECT_TRUE(watch_.take_end_of_loop(now_ + seconds(7)));
  EXPECT_FALSE(watch_.take_end_of_loop(now_ + seconds(8)));
  EXPECT_EQ(watch_.loop(), Loop::none);
}

TEST_F(LoopWatchTest, LetsAnOldBeaconProlongALoopButNotBeginOne) {
  const Beacon old = send(BeaconWay::into_room);
  for (int i = 0; i < 16; ++i) (void)send(BeaconWay::onto_lan);
  EXPECT_EQ(hear(old), Finding::nothing);
  EXPECT_EQ(watch_.loop(), Loop::none);
  stop_by_the_room();
  now_ += seconds(6);
  (void)hear(old);
  EXPECT_FALSE(watch_.take_end_of_loop(now_ + seconds(6)));
}

TEST_F(LoopWatchTest, KnowsAnotherGatewayAndTheBeaconsOfItsRoom) {
  Beacons other(auth::Key{2});
  EXPECT_EQ(hear(other.make(now_, BeaconWay::onto_lan)), Finding::other_gateway);
  EXPECT_EQ(hear(other.make(now_, BeaconWay::into_room)), Finding::beacon_of_another_room);
  EXPECT_EQ(watch_.loop(), Loop::none);
}

TEST_F(LoopWatchTest, LooksAtFiftyBeaconsASecond) {
  Beacons other(auth::Key{2});
  const Beacon beacon = other.make(now_, BeaconWay::into_room);
  int looked = 0;
  for (int i = 0; i < 1000; ++i) looked += hear(beacon) == Finding::nothing ? 0 : 1;
  EXPECT_EQ(looked, 50);
}

TEST_F(LoopWatchTest, RestsWithoutASeat) {
  stop_by_the_room();
  watch_.end();
  EXPECT_EQ(watch_.loop(), Loop::none);
  EXPECT_EQ(watch_.next_deadline(), kNever);
  watch_.ask(now_);
  EXPECT_EQ(hear(send(BeaconWay::into_room)), Finding::nothing);
  EXPECT_EQ(watch_.next_deadline(), kNever);
}

}  // namespace
}  // namespace softlan::gateway
