#include "gateway/members.h"

#include <gmock/gmock.h>

#include "proto/test_frames.h"

namespace softlan::gateway {
namespace {

using proto::test::test_mac;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr TimePoint kNow{seconds(100)};

class MembersTest : public testing::Test {
 protected:
  MembersTest() {
    members_.add(test_mac(3), PeerId{3});
    members_.add(test_mac(4), PeerId{4});
  }
  void see_on_lan(std::uint8_t number, TimePoint now = kNow) {
    members_.on_seen_on_lan(now, *members_.find(test_mac(number)));
  }

  Members members_;
};

TEST_F(MembersTest, AreFoundByTheirMac) {
  EXPECT_EQ(members_.find(test_mac(3))->peer, PeerId{3});
  EXPECT_EQ(members_.find(test_mac(5)), nullptr);
  members_.remove(PeerId{3});
  EXPECT_FALSE(members_.contains(test_mac(3)));
}

TEST_F(MembersTest, TakeThePlaceOfWhoeverHadTheMacOrTheId) {
  members_.add(test_mac(3), PeerId{4});
  EXPECT_THAT(members_.macs(), ElementsAre(test_mac(3)));
  members_.remove(PeerId{3});
  EXPECT_EQ(members_.find(test_mac(3))->peer, PeerId{4});
}

TEST_F(MembersTest, AreCertainToBeOnTheLanASecondAfterTheyWereSeenThere) {
  see_on_lan(3);
  EXPECT_EQ(members_.next_deadline(), kNow + seconds(1));
  EXPECT_EQ(members_.take_certain(kNow + milliseconds(999)), std::nullopt);
  EXPECT_EQ(members_.take_certain(kNow + seconds(1)), PeerId{3});
  EXPECT_EQ(members_.take_certain(kNow + seconds(1)), std::nullopt);
  EXPECT_EQ(members_.next_deadline(), kNever);
}

TEST_F(MembersTest, AreToldOneByOneAndOnce) {
  see_on_lan(3);
  see_on_lan(4, kNow + milliseconds(10));
  EXPECT_EQ(members_.take_certain(kNow + seconds(1)), PeerId{3});
  EXPECT_EQ(members_.take_certain(kNow + seconds(1)), std::nullopt);
  EXPECT_EQ(members_.take_certain(kNow + seconds(2)), PeerId{4});
  see_on_lan(3, kNow + seconds(3));
  EXPECT_EQ(members_.take_certain(kNow + seconds(10)), std::nullopt);
}

TEST_F(MembersTest, AreNotCertainWhenALoopExplainsIt) {
  see_on_lan(3);
  members_.forget_doubts();
  EXPECT_EQ(members_.take_certain(kNow + seconds(10)), std::nullopt);
  EXPECT_THAT(members_.absent_from_lan(kNow), UnorderedElementsAre(test_mac(3), test_mac(4)));
}

TEST_F(MembersTest, AreLeftToTheSwitchesWhileTheyAreOnTheLan) {
  see_on_lan(3);
  EXPECT_THAT(members_.absent_from_lan(kNow + milliseconds(29'999)), ElementsAre(test_mac(4)));
  EXPECT_THAT(members_.absent_from_lan(kNow + seconds(30)), UnorderedElementsAre(test_mac(3), test_mac(4)));
}

TEST_F(MembersTest, LeaveNothingBehind) {
  see_on_lan(3);
  members_.clear();
  EXPECT_THAT(members_.macs(), IsEmpty());
  EXPECT_EQ(members_.next_deadline(), kNever);
}

}  // namespace
}  // namespace softlan::gateway
