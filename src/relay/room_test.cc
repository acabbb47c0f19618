#include "relay/room.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using proto::test::ip;
using proto::test::test_mac;
using std::chrono::seconds;

Seat member(std::uint8_t number, ctrl::Role role = ctrl::Role::client) {
  Seat seat;
  seat.role = role;
  seat.mac = test_mac(number);
  seat.identity.bytes.fill(number);
  return seat;
}

TEST(Room, FindsItsMembersByIdMacAndIdentity) {
  Room room("ROOM1");
  const Seat& seat = room.join(member(7), kRelayPeer);
  EXPECT_EQ(room.find(seat.id), &seat);
  EXPECT_EQ(room.find(seat.identity), &seat);
  EXPECT_EQ(room.owner(test_mac(7)), &seat);
  EXPECT_EQ(room.owner(test_mac(8)), nullptr);
  EXPECT_EQ(room.gateway(), nullptr);
}

TEST(Room, ForgetsWhoLeft) {
  Room room("ROOM1");
  const Seat& seat = room.join(member(7, ctrl::Role::gateway), kRelayPeer);
  EXPECT_EQ(room.gateway(), &seat);
  const auto left = room.leave(seat);
  EXPECT_EQ(left->mac, test_mac(7));
  EXPECT_EQ(room.gateway(), nullptr);
  EXPECT_EQ(room.owner(test_mac(7)), nullptr);
  EXPECT_EQ(room.find(left->id), nullptr);
  EXPECT_TRUE(room.seats().empty());
}

TEST(Room, NumbersItsMembersFromOne) {
  Room room("ROOM1");
  EXPECT_EQ(room.join(member(1), kRelayPeer).id, PeerId{1});
  EXPECT_EQ(room.join(member(2), kRelayPeer).id, PeerId{2});
}

TEST(Room, DoesNotReuseAnIdThatWasJustLeft) {
  Room room("ROOM1");
  room.leave(room.join(member(1), kRelayPeer));
  EXPECT_EQ(room.join(member(2), kRelayPeer).id, PeerId{2});
}

TEST(Room, GoesRoundToTheFirstFreeIdAtTheEnd) {
  Room room("ROOM1");
  room.join(member(1), kRelayPeer);
  for (int i = 2; i <= 65535; ++i) room.leave(room.join(member(2), kRelayPeer));
  EXPECT_EQ(room.join(member(3), kRelayPeer).id, PeerId{2});
}

TEST(Room, GrantsAWishedIdThatIsFree) {
  Room room("ROOM1");
  EXPECT_EQ(room.join(member(1), PeerId{9}).id, PeerId{9});
  EXPECT_EQ(room.join(member(2), PeerId{9}).id, PeerId{1});
}

TEST(Room, ForgetsTheLanWhenTheGatewayLeaves) {
  Room room("ROOM1");
  const Seat& gateway = room.join(member(1, ctrl::Role::gateway), kRelayPeer);
  room.lan_hosts().learn(TimePoint{}, test_mac(50));
  room.leave(gateway);
  EXPECT_FALSE(room.lan_hosts().knows(TimePoint{}, test_mac(50)));
}

TEST(Room, FreesTheAddressesOfAMemberThatLeft) {
  Room room("ROOM1");
  const Seat& seat = room.join(member(1), kRelayPeer);
  EXPECT_TRUE(room.bindings().claim(TimePoint{}, ip("192.0.2.1"), seat.mac));
  room.leave(seat);
  EXPECT_TRUE(room.bindings().claim(TimePoint{}, ip("192.0.2.1"), test_mac(2)));
}

TEST(Room, KeepsTheAddressesOfAMemberAsLongAsItsSeat) {
  Room room("ROOM1");
  const Seat& seat = room.join(member(1), kRelayPeer);
  EXPECT_TRUE(room.bindings().claim(TimePoint{}, ip("192.0.2.1"), seat.mac));
  room.held().hold({.id = seat.id, .mac = seat.mac, .identity = seat.identity, .until = TimePoint{} + seconds(60)});
  room.leave(seat);
  EXPECT_EQ(room.expire_held(TimePoint{} + seconds(59)), 0u);
  EXPECT_FALSE(room.bindings().claim(TimePoint{}, ip("192.0.2.1"), test_mac(2)));
  EXPECT_EQ(room.expire_held(TimePoint{} + seconds(60)), 1u);
  EXPECT_TRUE(room.bindings().claim(TimePoint{}, ip("192.0.2.1"), test_mac(2)));
}

TEST(Room, ForgetsTheLansAddressesWhenTheGatewayLeaves) {
  Room room("ROOM1");
  const Seat& gateway = room.join(member(9, ctrl::Role::gateway), kRelayPeer);
  room.bindings().see_on_lan(TimePoint{}, ip("192.0.2.254"), test_mac(50));
  EXPECT_FALSE(room.bindings().claim(TimePoint{}, ip("192.0.2.254"), test_mac(1)));
  room.leave(gateway);
  EXPECT_TRUE(room.bindings().claim(TimePoint{}, ip("192.0.2.254"), test_mac(1)));
}

TEST(Room, KnowsAMacThatIsOnTheLan) {
  Room room("ROOM1");
  Room trusting("ROOM2", {.guards = {.duplicate_mac = false}});
  for (Room* each : {&room, &trusting}) each->lan_hosts().learn(TimePoint{}, test_mac(50));
  EXPECT_TRUE(room.is_mac_on_lan(TimePoint{}, test_mac(50)));
  EXPECT_FALSE(room.is_mac_on_lan(TimePoint{}, test_mac(51)));
  EXPECT_FALSE(trusting.is_mac_on_lan(TimePoint{}, test_mac(50)));
}

TEST(Room, NewRulesAreForThoseWhoSitHereToo) {
  Room room("ROOM1");
  Seat& seat = room.join(member(1), kRelayPeer);
  seat.limits = SeatLimits({.broadcast_per_second = 1});
  while (seat.limits.take_broadcast(TimePoint{})) continue;
  room.adopt({.guards = {.eapol = false}, .limits = {.client = {.broadcast_per_second = 1000}}});
  EXPECT_TRUE(seat.limits.take_broadcast(TimePoint{}));
  EXPECT_FALSE(room.guards().eapol);
}

TEST(Room, AddsUpTheCountersOfThoseHereAndThoseGone) {
  Room room("ROOM1");
  Seat& first = room.join(member(1), kRelayPeer);
  room.join(member(2), kRelayPeer).counters.in.frames = 4;
  first.counters.in.frames = 3;
  first.counters.out.drop(obs::DropReason::queue_full);
  room.leave(first);
  EXPECT_EQ(room.total().in.frames, 7u);
  EXPECT_EQ(room.total().out.dropped(obs::DropReason::queue_full), 1u);
}

}  // namespace
}  // namespace softlan::relay
