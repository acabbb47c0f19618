#include "relay/door.h"

#include <gtest/gtest.h>

#include <memory>

#include "auth/scram_client.h"
#include "ctrl/validate.h"
#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using std::chrono::seconds;

constexpr ctrl::Role kClient = ctrl::Role::client;
constexpr ctrl::Role kGateway = ctrl::Role::gateway;

class RememberingStore final : public RoomStore {
 public:
  void keep(const FoundedRoom& room) override { kept.push_back(room); }
  std::vector<FoundedRoom> kept;
};

class ADoor : public testing::Test {
 protected:
  explicit ADoor(Entry entry = Entry::open) : door(entry, auth::Key{7}, random, store) {}

  static Caller caller(std::uint8_t number) {
    Caller made{.source = *parse_ip("192.0.2.1"), .identity = {}, .binding = {}};
    made.identity.bytes.fill(number);
    made.binding.fill(number);
    return made;
  }

  static ctrl::Hello hello(ctrl::Role role, const std::string& room = "PARTY") {
    return {.role = role, .room = room, .mac = proto::test::test_mac(1)};
  }

  // What comes of `who` asking for entry with this pass: an empty text, or the code of the reject.
  std::string enter(ctrl::Hello words, const std::string& pass, const Caller& who) {
    auth::SaltedPass salted(pass);
    auth::ScramClient client(words.room, ctrl::authorization_identity(words.role, words.mac), salted, who.binding,
                             random);
    words.scram = client.first();
    const auto exchange = door.on_hello(now, words, who);
    if (!exchange) return std::string(ctrl::to_string(exchange.error().code));
    const auto proof = client.on_server_first((*exchange)->scram.first());
    const auto answer = door.on_proof(now, **exchange, *proof, who);
    if (!answer) return std::string(ctrl::to_string(answer.error().code));
    return client.verify_server_final(*answer) ? "" : "the relay proved nothing";
  }

  std::string found(const std::string& client_pass, const std::string& gateway_pass, const Caller& who,
                    const std::string& room = "PARTY") {
    ctrl::Hello words = hello(kGateway, room);
    words.found = {.client = to_string(auth::make_verifier(client_pass, random)),
                   .gateway = to_string(auth::make_verifier(gateway_pass, random))};
    return enter(words, gateway_pass, who);
  }

  RoomPass pass(const std::string& text, TimePoint expires = kNever) {
    return {.verifier = auth::make_verifier(text, std::vector<std::uint8_t>(16, 3)), .expires = expires};
  }

  SeededRandom random{1};
  RememberingStore store;
  Door door;
  TimePoint now{};
};

TEST_F(ADoor, WithoutPassesIsOpenToEverybody) {
  Door open = Door::passless();
  const auto answer = open.on_hello(now, hello(kClient), caller(1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, nullptr);
}

TEST_F(ADoor, WantsAPassOfEverybodyAndForEveryRoom) {
  found("play", "gate", caller(1));
  for (const char* room : {"PARTY", "ELSEWHERE"}) {
    const auto answer = door.on_hello(now, hello(kClient, room), caller(2));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ctrl::RejectCode::pass_needed);
  }
}

TEST_F(ADoor, LetsAGatewayFoundARoomAndThenItsPlayersIn) {
  EXPECT_EQ(found("play", "gate", caller(1)), "");
  EXPECT_EQ(enter(hello(kClient), "play", caller(2)), "");
  EXPECT_EQ(enter(hello(kGateway), "gate", caller(3)), "");
  ASSERT_FALSE(store.kept.empty());
  EXPECT_EQ(store.kept[0].code, "PARTY");
  EXPECT_EQ(store.kept[0].founder, caller(1).identity);
}

TEST_F(ADoor, KnowsARoomInAnySpelling) {
  found("play", "gate", caller(1), "Party");
  EXPECT_EQ(enter(hello(kClient, "pARTY"), "play", caller(2)), "");
}

TEST_F(ADoor, DoesNotTellAWrongPassFromARoomThatIsNotThere) {
  found("play", "gate", caller(1));
  EXPECT_EQ(enter(hello(kClient), "wrong", caller(2)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient, "ELSEWHERE"), "play", caller(2)), "room_not_open");
}

TEST_F(ADoor, AsksTheSameOfARoomThatIsNotThereEveryTime) {
  const auto salt = [&] {
    ctrl::Hello words = hello(kClient, "NOWHERE");
    words.scram = "p=tls-exporter,a=" + ctrl::authorization_identity(words.role, words.mac) + ",n=NOWHERE,r=abc";
    const std::string first = door.on_hello(now, words, caller(1)).value()->scram.first();
    return first.substr(first.find(",s="));
  };
  EXPECT_EQ(salt(), salt());
}

TEST_F(ADoor, KeepsPlayersFromTheGatewaysPlace) {
  found("play", "gate", caller(1));
  EXPECT_EQ(enter(hello(kGateway), "play", caller(2)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient), "gate", caller(2)), "room_not_open");
}

TEST_F(ADoor, LetsNobodyElseFoundARoomAgain) {
  found("play", "gate", caller(1));
  EXPECT_EQ(found("mine", "mine too", caller(2)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient), "play", caller(3)), "");
}

TEST_F(ADoor, LetsTheFounderChangeThePasses) {
  found("play", "gate", caller(1));
  EXPECT_EQ(found("new play", "new gate", caller(1)), "");
  EXPECT_EQ(enter(hello(kClient), "play", caller(2)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient), "new play", caller(2)), "");
}

TEST_F(ADoor, GivesARoomToOneOfTwoWhoFoundItAtOnce) {
  ctrl::Hello words = hello(kGateway);
  auth::SaltedPass late("late");
  words.found = {to_string(auth::make_verifier("late", random)), to_string(auth::make_verifier("late", random))};
  auth::ScramClient client("PARTY", ctrl::authorization_identity(words.role, words.mac), late, caller(2).binding,
                           random);
  words.scram = client.first();
  const auto exchange = door.on_hello(now, words, caller(2));
  found("play", "gate", caller(1));
  EXPECT_FALSE(door.on_proof(now, **exchange, *client.on_server_first((*exchange)->scram.first()), caller(2)));
  EXPECT_EQ(enter(hello(kGateway), "gate", caller(1)), "");
}

TEST_F(ADoor, RemembersRoomsOfAnEarlierRun) {
  found("play", "gate", caller(1));
  std::destroy_at(&door);
  std::construct_at(&door, Entry::open, auth::Key{7}, random, store);
  door.remember(store.kept[0]);
  EXPECT_EQ(found("mine", "mine too", caller(2)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient), "play", caller(2)), "");
}

TEST_F(ADoor, BoundsWhatOneSourceMayFound) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(found("p", "g", caller(1), "ROOM" + std::to_string(i)), "");
  EXPECT_EQ(found("p", "g", caller(1), "ONEMORE"), "relay_full");
  now += seconds(600);
  EXPECT_EQ(found("p", "g", caller(1), "ONEMORE"), "");
}

TEST_F(ADoor, LimitsGuessesButNotThoseItKnows) {
  found("play", "gate", caller(1));
  EXPECT_EQ(enter(hello(kClient), "play", caller(9)), "");
  for (int i = 0; i < 60; ++i) EXPECT_EQ(enter(hello(kClient), "wrong", caller(2)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient), "play", caller(2)), "not_allowed");
  EXPECT_EQ(enter(hello(kClient), "play", caller(9)), "");
  now += seconds(10);
  EXPECT_EQ(enter(hello(kClient), "play", caller(2)), "");
}

TEST_F(ADoor, TakesNoProofForAnotherRoleOrMac) {
  found("play", "gate", caller(1));
  ctrl::Hello words = hello(kClient);
  auth::SaltedPass salted("play");
  auth::ScramClient client(words.room, "client/02:00:00:00:00:99", salted, caller(2).binding, random);
  words.scram = client.first();
  const auto answer = door.on_hello(now, words, caller(2));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ctrl::RejectCode::malformed);
}

TEST_F(ADoor, TakesNoProofMadeForAnotherConnection) {
  found("play", "gate", caller(1));
  ctrl::Hello words = hello(kClient);
  auth::SaltedPass salted("play");
  auth::ScramClient client(words.room, ctrl::authorization_identity(words.role, words.mac), salted, caller(2).binding,
                           random);
  words.scram = client.first();
  const auto exchange = door.on_hello(now, words, caller(3));
  EXPECT_FALSE(door.on_proof(now, **exchange, *client.on_server_first((*exchange)->scram.first()), caller(3)));
}

class AListedRoom : public ADoor {
 protected:
  AListedRoom() : ADoor(Entry::listed) {}
};

TEST_F(AListedRoom, TakesEveryPassUntilItExpires) {
  door.list({{"PARTY", {.clients = {pass("old", now + seconds(60)), pass("new")}, .gateways = {pass("gate")}}}});
  EXPECT_EQ(enter(hello(kClient), "old", caller(1)), "");
  EXPECT_EQ(enter(hello(kClient), "new", caller(1)), "");
  now += seconds(60);
  EXPECT_EQ(enter(hello(kClient), "old", caller(1)), "room_not_open");
  EXPECT_EQ(enter(hello(kClient), "new", caller(1)), "");
}

TEST_F(AListedRoom, IsFoundedByNobody) { EXPECT_EQ(found("play", "gate", caller(1)), "room_not_open"); }

}  // namespace
}  // namespace softlan::relay
