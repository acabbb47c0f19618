#include "relay/share.h"

#include <gtest/gtest.h>

#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using link::CloseCode;
using test::FakeLink;
using test::hello;
using test::SentClose;

// Two workers of one relay: rooms whose code begins with A are the first one's.
class TwoWorkers : public testing::Test {
 protected:
  FakeLink& join(Relay& relay, std::uint8_t number, const std::string& room) {
    FakeLink& link = links_.emplace_back(number);
    relay.on_link_up(now_, link);
    relay.on_control(now_, link, ctrl::encode(hello(number, ctrl::Role::client, room)));
    return link;
  }
  static bool is_in(const FakeLink& link) { return !link.all<ctrl::Welcome>().empty(); }

  TimePoint now_{};
  obs::Log log_ = obs::Log::quiet();
  std::list<FakeLink> links_;
  Door door_ = Door::passless();
  std::shared_ptr<RoomCount> rooms_ = std::make_shared<RoomCount>();
  RelayConfig config_{.max_rooms = 2};
  Relay first_{config_, door_, log_, {[](std::string_view code) { return code.starts_with('A'); }, rooms_}};
  Relay second_{config_, door_, log_, {[](std::string_view code) { return !code.starts_with('A'); }, rooms_}};
};

TEST_F(TwoWorkers, HaveTheirOwnRoomsEach) {
  EXPECT_TRUE(is_in(join(first_, 1, "ada")));
  EXPECT_TRUE(is_in(join(second_, 1, "BOB")));
}

TEST_F(TwoWorkers, TurnAwayWhoeverCameToTheWrongOne) {
  const FakeLink& lost = join(second_, 1, "ADA");
  EXPECT_FALSE(is_in(lost));
  EXPECT_EQ(lost.all<ctrl::Reject>().at(0).code, ctrl::RejectCode::malformed);
  EXPECT_EQ(lost.all<SentClose>().at(0).code, CloseCode::protocol_error);
}

TEST_F(TwoWorkers, HaveNoMoreRoomsThanOne) {
  join(first_, 1, "ADA");
  FakeLink& bob = join(second_, 1, "BOB");
  EXPECT_EQ(join(first_, 2, "ANN").all<ctrl::Reject>().at(0).code, ctrl::RejectCode::relay_full);
  EXPECT_TRUE(is_in(join(first_, 2, "ADA")));
  second_.on_control(now_, bob, ctrl::encode(ctrl::Disconnect{}));
  EXPECT_TRUE(is_in(join(first_, 3, "ANN")));
}

TEST_F(TwoWorkers, MakeRoomWhenOneShutsDown) {
  join(first_, 1, "ADA");
  join(first_, 1, "ANN");
  EXPECT_FALSE(is_in(join(second_, 1, "BOB")));
  first_.shut_down();
  EXPECT_TRUE(is_in(join(second_, 1, "BOB")));
}

}  // namespace
}  // namespace softlan::relay
