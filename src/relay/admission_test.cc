#include "relay/admission.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using ctrl::RejectCode;
using ctrl::Role;
using proto::test::test_mac;

link::Fingerprint identity(std::uint8_t number) {
  link::Fingerprint print;
  print.bytes.fill(number);
  return print;
}

class AdmissionTest : public testing::Test {
 protected:
  Seat& seat(std::uint8_t number, Role role = Role::client, const std::string& code = "ROOM1") {
    auto& room = rooms_[code];
    if (!room) room = std::make_unique<Room>(code);
    Seat member;
    member.role = role;
    member.mac = test_mac(number);
    member.identity = identity(number);
    return room->join(std::move(member), kRelayPeer);
  }
  static ctrl::Hello hello(std::uint8_t mac, Role role = Role::client) {
    ctrl::Hello hello;
    hello.role = role;
    hello.room = "room1";
    hello.mac = test_mac(mac);
    return hello;
  }
  [[nodiscard]] auto admitted(std::uint8_t who, const ctrl::Hello& hello) const {
    return admit(TimePoint{}, config_, rooms_, hello, identity(who));
  }
  // The reject code, or nothing when there is a seat.
  [[nodiscard]] std::optional<RejectCode> refusal(std::uint8_t who, const ctrl::Hello& hello) const {
    const auto placement = admitted(who, hello);
    return placement ? std::nullopt : std::optional(placement.error().code);
  }

  RelayConfig config_{.rules = {.max_seats = 3}};
  Rooms rooms_;
};

TEST_F(AdmissionTest, TheFirstMemberOpensTheRoom) {
  const auto placement = admitted(1, hello(1));
  ASSERT_TRUE(placement);
  EXPECT_EQ(placement->code, "ROOM1");
  EXPECT_EQ(placement->room, nullptr);
  EXPECT_EQ(placement->retaken, nullptr);
}

TEST_F(AdmissionTest, RoomCodesCountWithoutCase) {
  seat(1);
  EXPECT_EQ(admitted(2, hello(2))->room, rooms_.at("ROOM1").get());
}

TEST_F(AdmissionTest, AMacOfTheLanIsNoNewcomersButStaysItsOwners) {
  seat(9, Role::gateway);
  rooms_["ROOM1"]->lan_hosts().learn(TimePoint{}, test_mac(1));
  EXPECT_EQ(refusal(1, hello(1)), RejectCode::mac_taken);
  EXPECT_EQ(refusal(2, hello(2)), std::nullopt);
  seat(1);
  EXPECT_EQ(refusal(1, hello(1)), std::nullopt);
}

TEST_F(AdmissionTest, ARoomHasOneGateway) {
  seat(1, Role::gateway);
  EXPECT_EQ(refusal(2, hello(2, Role::gateway)), RejectCode::gateway_taken);
  EXPECT_EQ(refusal(2, hello(2)), std::nullopt);
}

TEST_F(AdmissionTest, AMacBelongsToOneMember) {
  seat(1);
  seat(9, Role::gateway);
  EXPECT_EQ(refusal(2, hello(1)), RejectCode::mac_taken);
  EXPECT_EQ(refusal(2, hello(9)), RejectCode::mac_taken);
}

TEST_F(AdmissionTest, TheSameMacMayBeUsedInAnotherRoom) {
  seat(1, Role::client, "ROOM2");
  EXPECT_EQ(refusal(2, hello(1)), std::nullopt);
}

TEST_F(AdmissionTest, TheSameIdentityTakesItsSeatBack) {
  Seat& own = seat(1);
  EXPECT_EQ(admitted(1, hello(1))->retaken, &own);
}

TEST_F(AdmissionTest, TheSameIdentityTakesItsSeatBackWithAFreeMac) {
  Seat& own = seat(1);
  seat(2);
  EXPECT_EQ(admitted(1, hello(3))->retaken, &own);
  EXPECT_EQ(refusal(1, hello(2)), RejectCode::mac_taken);
}

TEST_F(AdmissionTest, TheSameIdentityTakesItsSeatBackInAnotherRoleWhenThatIsFree) {
  Seat& own = seat(1);
  EXPECT_EQ(admitted(1, hello(1, Role::gateway))->retaken, &own);
  seat(9, Role::gateway);
  EXPECT_EQ(refusal(1, hello(1, Role::gateway)), RejectCode::gateway_taken);
}

TEST_F(AdmissionTest, TheGatewayTakesItsSeatBack) {
  Seat& own = seat(9, Role::gateway);
  EXPECT_EQ(admitted(9, hello(9, Role::gateway))->retaken, &own);
}

TEST_F(AdmissionTest, AFullRoomTakesNobodyButItsOwn) {
  for (std::uint8_t number = 1; number <= 3; ++number) seat(number);
  EXPECT_EQ(refusal(4, hello(4)), RejectCode::room_full);
  EXPECT_EQ(refusal(3, hello(3)), std::nullopt);
}

TEST_F(AdmissionTest, ARoomWithRulesOfItsOwnHasItsOwnNumberOfSeats) {
  config_.own_rules["ROOM2"].max_seats = 1;
  seat(1, Role::client, "ROOM2");
  seat(1);
  ctrl::Hello second = hello(2);
  EXPECT_EQ(refusal(2, second), std::nullopt);
  second.room = "room2";
  EXPECT_EQ(refusal(2, second), RejectCode::room_full);
}

TEST_F(AdmissionTest, NobodyEntersARoomWhoseTimeIsOver) {
  config_.own_rules["ROOM1"].expires = TimePoint{} + std::chrono::seconds(1);
  EXPECT_EQ(refusal(1, hello(1)), std::nullopt);
  config_.own_rules["ROOM1"].expires = TimePoint{};
  EXPECT_EQ(refusal(1, hello(1)), RejectCode::room_not_open);
}

TEST_F(AdmissionTest, WhatMayPassWithTimeSaysThatTryingAgainHelps) {
  seat(1);
  EXPECT_TRUE(admitted(2, hello(1)).error().retry);
  EXPECT_FALSE(admitted(2, ctrl::Hello{}).error().retry);
}

}  // namespace
}  // namespace softlan::relay
