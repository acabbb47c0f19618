#include "relay/held_seats.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"
#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using ctrl::RejectCode;
using ctrl::Role;
using link::CloseCode;
using link::LinkFault;
using std::chrono::seconds;
using namespace test;

link::Fingerprint identity(std::uint8_t number) {
  link::Fingerprint print;
  print.bytes.fill(number);
  return print;
}

HeldSeat held(std::uint8_t number, seconds until, Role role = Role::client) {
  return {.id = PeerId{number},
          .role = role,
          .mac = test_mac(number),
          .identity = identity(number),
          .until = TimePoint(until)};
}

TEST(HeldSeats, AreInNobodysWayButOthers) {
  HeldSeats seats;
  seats.hold(held(9, seconds(60), Role::gateway));
  EXPECT_EQ(seats.owner(test_mac(9), identity(9)), nullptr);
  EXPECT_EQ(seats.gateway(identity(9)), nullptr);
  ASSERT_NE(seats.owner(test_mac(9), identity(1)), nullptr);
  EXPECT_EQ(seats.owner(test_mac(9), identity(1)), seats.gateway(identity(1)));
  EXPECT_EQ(seats.owner(test_mac(1), identity(1)), nullptr);
}

TEST(HeldSeats, AreTakenBackOnce) {
  HeldSeats seats;
  seats.hold(held(1, seconds(60)));
  EXPECT_TRUE(seats.holds(identity(1)));
  EXPECT_TRUE(seats.holds(PeerId{1}));
  EXPECT_EQ(seats.take_back(identity(1))->id, PeerId{1});
  EXPECT_FALSE(seats.take_back(identity(1)));
  EXPECT_TRUE(seats.empty());
}

TEST(HeldSeats, EndEachInItsTime) {
  HeldSeats seats;
  EXPECT_EQ(seats.next_deadline(), kNever);
  seats.hold(held(1, seconds(60)));
  seats.hold(held(2, seconds(50)));
  EXPECT_EQ(seats.next_deadline(), TimePoint(seconds(50)));
  EXPECT_EQ(seats.expire(TimePoint(seconds(49))), 0u);
  EXPECT_EQ(seats.expire(TimePoint(seconds(50))), 1u);
  EXPECT_FALSE(seats.holds(PeerId{2}));
  EXPECT_EQ(seats.next_deadline(), TimePoint(seconds(60)));
}

// The same, as a relay's members see it.
class AHeldSeat : public RelayTest {
 protected:
  explicit AHeldSeat(RelayConfig config = {}) : RelayTest(std::move(config)) {}

  void end(FakeLink& link, LinkFault fault, CloseCode code) {
    relay_.on_link_down(now_, link, {.fault = fault, .code = static_cast<std::uint64_t>(code), .reason = "over"});
  }
  std::optional<ctrl::Reject> refusal(std::uint8_t who, const ctrl::Hello& words) {
    FakeLink& link = connect(who);
    say(link, words);
    const auto rejects = link.all<ctrl::Reject>();
    return rejects.empty() ? std::nullopt : std::optional(rejects.front());
  }
  PeerId seat_given(std::uint8_t who, const ctrl::Hello& words) {
    FakeLink& link = connect(who);
    say(link, words);
    return link.all<ctrl::Welcome>().at(0).peer;
  }
  // What visitor 7 hears when it asks for client 1's MAC; a seat, if it got one, is given up again.
  bool is_kept_from_others() {
    FakeLink& link = connect(7);
    ctrl::Hello claim = hello(7);
    claim.mac = test_mac(1);
    say(link, claim);
    if (!link.all<ctrl::Reject>().empty()) return true;
    say(link, ctrl::Disconnect{});
    return false;
  }
};

TEST_F(AHeldSeat, TheOthersHearAtOnceThatItsMemberIsGone) {
  FakeLink& lost = join_client(1);
  FakeLink& present = join_client(2);
  lose(lost);
  EXPECT_EQ(present.all<ctrl::PeerLeft>().size(), 1u);
  send(present, proto::test::ipv4_udp(test_mac(1), test_mac(2)));
  EXPECT_EQ(room()->seats()[0]->counters.in.dropped(obs::DropReason::no_gateway), 1u);
}

TEST_F(AHeldSeat, NobodyElseGetsItsMacForSixtySeconds) {
  lose(join_client(1));
  join_client(2);
  ctrl::Hello claim = hello(7);
  claim.mac = test_mac(1);
  wait(seconds(18));
  const auto refused = refusal(7, claim);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RejectCode::mac_taken);
  EXPECT_TRUE(refused->retry);
  EXPECT_EQ(refused->message,
            "The MAC address 02:00:00:00:00:01 is kept in room ROOM1 for the member that just lost its connection, for "
            "42 s more.");
  wait(seconds(41));
  EXPECT_TRUE(is_kept_from_others());
  wait(seconds(1));
  EXPECT_FALSE(is_kept_from_others());
  EXPECT_TRUE(logged("no longer held"));
}

TEST_F(AHeldSeat, NoOtherGatewayGetsThePlaceOfALostOneForSixtySeconds) {
  lose(join_gateway(9));
  const auto refused = refusal(8, gateway_hello(8));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RejectCode::gateway_taken);
  EXPECT_TRUE(refused->retry);
  EXPECT_EQ(refused->message,
            "Room ROOM1 keeps its gateway's place for the one that just lost its connection, for 60 s more.");
  EXPECT_FALSE(refusal(1, hello(1)));
  wait(seconds(60));
  EXPECT_FALSE(refusal(8, gateway_hello(8)));
}

TEST_F(AHeldSeat, ItsOwnerGetsTheSamePeerIdWithoutAskingForIt) {
  join_client(3);
  FakeLink& lost = join_client(1);
  lose(lost);
  ctrl::Hello greedy = hello(5);
  greedy.previous = PeerId{2};
  EXPECT_EQ(seat_given(5, greedy), PeerId{3});
  EXPECT_EQ(seat_given(1, hello(1)), PeerId{2});
  EXPECT_EQ(room()->held().size(), 0u);
}

TEST_F(AHeldSeat, ItsOwnerMayComeBackAsSomethingElse) {
  lose(join_gateway(9));
  EXPECT_EQ(seat_given(9, hello(4)), PeerId{1});
  EXPECT_FALSE(refusal(8, gateway_hello(8)));
}

TEST_F(AHeldSeat, ItsOwnerMayNotTakeWhatIsKeptForAnother) {
  lose(join_client(1));
  lose(join_client(2));
  ctrl::Hello claim = hello(2);
  claim.mac = test_mac(1);
  EXPECT_EQ(refusal(2, claim)->code, RejectCode::mac_taken);
  EXPECT_EQ(seat_given(2, hello(2)), PeerId{2});
}

TEST_F(AHeldSeat, KeepsItsRoomOpen) {
  lose(join_client(1));
  EXPECT_NE(room(), nullptr);
  wait(seconds(59));
  EXPECT_NE(room(), nullptr);
  wait(seconds(1));
  EXPECT_EQ(room(), nullptr);
  EXPECT_TRUE(logged("room closed"));
}

TEST_F(AHeldSeat, AsksToBeCalledWhenItsTimeIsUp) {
  FakeLink& lost = join_client(1);
  wait(seconds(30));
  lose(lost);
  wait(seconds(40));
  EXPECT_EQ(relay_.next_deadline(), TimePoint(seconds(90)));
}

TEST_F(AHeldSeat, IsNotKeptAfterAGoodbye) {
  say(join_client(1), ctrl::Disconnect{});
  EXPECT_EQ(room(), nullptr);
  end(join_client(1), LinkFault::closed_by_peer, CloseCode::leave);
  EXPECT_EQ(room(), nullptr);
  end(join_client(1), LinkFault::closed_by_peer, CloseCode::shutting_down);
  EXPECT_EQ(room(), nullptr);
}

TEST_F(AHeldSeat, IsKeptWhenTheMemberGivesTheConnectionUpForAnyOtherReason) {
  end(join_client(1), LinkFault::closed_by_peer, CloseCode::protocol_error);
  EXPECT_TRUE(is_kept_from_others());
}

TEST_F(AHeldSeat, IsKeptForAMemberThatWasTooSlow) {
  FakeLink& slow = join_client(1);
  slow.reads_control = false;
  say(connect(2), hello(2));
  ASSERT_EQ(closed_with(slow), CloseCode::too_slow);
  EXPECT_TRUE(is_kept_from_others());
}

TEST_F(AHeldSeat, IsNotKeptForAMemberThatBreaksTheRules) {
  FakeLink& rude = join_client(1);
  say_json(rude, "not JSON");
  ASSERT_EQ(closed_with(rude), CloseCode::protocol_error);
  EXPECT_EQ(room(), nullptr);
}

TEST_F(AHeldSeat, IsGoneWhenTheRelayShutsDown) {
  lose(join_client(1));
  relay_.shut_down();
  EXPECT_TRUE(relay_.rooms().empty());
  EXPECT_EQ(relay_.next_deadline(), kNever);
}

class AHeldSeatInASmallRoom : public AHeldSeat {
 protected:
  AHeldSeatInASmallRoom() : AHeldSeat({.max_rooms = 1, .rules = {.max_seats = 2}}) {}
};

TEST_F(AHeldSeatInASmallRoom, CountsAsASeat) {
  join_client(1);
  FakeLink& lost = join_client(2);
  lose(lost);
  const auto refused = refusal(3, hello(3));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, RejectCode::room_full);
  EXPECT_TRUE(refused->retry);
  EXPECT_FALSE(refusal(2, hello(2)));
}

TEST_F(AHeldSeatInASmallRoom, HoldsTheRoomAgainstOthers) {
  lose(join_client(1));
  EXPECT_EQ(refusal(2, hello(2, Role::client, "ROOM2"))->code, RejectCode::relay_full);
  wait(seconds(60));
  EXPECT_FALSE(refusal(2, hello(2, Role::client, "ROOM2")));
}

}  // namespace
}  // namespace softlan::relay
