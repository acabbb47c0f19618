#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using ctrl::PeerJoined;
using ctrl::PeerLeft;
using ctrl::RejectCode;
using ctrl::Role;
using link::CloseCode;
using namespace test;

class Seating : public RelayTest {};

// What a link heard, one word each.
std::vector<std::string> story(const FakeLink& link) {
  std::vector<std::string> words;
  for (const Sent& item : link.sent()) {
    if (FakeLink::as<ctrl::Welcome>(item)) words.emplace_back("welcome");
    if (const auto* joined = FakeLink::as<PeerJoined>(item)) words.push_back("joined " + joined->name);
    if (const auto* left = FakeLink::as<PeerLeft>(item))
      words.push_back("left " + std::to_string(to_number(left->peer)));
    if (FakeLink::as<SentFrame>(item)) words.emplace_back("frame");
    if (FakeLink::as<ctrl::Reject>(item)) words.emplace_back("reject");
    if (FakeLink::as<SentClose>(item)) words.emplace_back("close");
  }
  return words;
}
using Story = std::vector<std::string>;

TEST_F(Seating, AWelcomeSaysWhatAMemberMustKnow) {
  FakeLink& link = connect(1);
  say(link, hello(1));
  const auto welcome = link.all<ctrl::Welcome>().at(0);
  EXPECT_EQ(welcome.peer, PeerId{1});
  EXPECT_EQ(welcome.mtu, 1500);
  EXPECT_EQ(welcome.gateway, kRelayPeer);
  EXPECT_EQ(welcome.limits.broadcast_per_second, kDefaultLimits.broadcast_per_second);
  EXPECT_EQ(welcome.keep_alive_ms, 5000u);
  EXPECT_EQ(welcome.capabilities.size(), 3u);
}

TEST_F(Seating, AWelcomeNamesTheGateway) {
  join_gateway(9);
  FakeLink& link = connect(1);
  say(link, hello(1));
  EXPECT_EQ(link.all<ctrl::Welcome>().at(0).gateway, room()->gateway()->id);
}

TEST_F(Seating, ARoomsOwnRulesAreThoseItsMembersAreTold) {
  RelayConfig config;
  config.own_rules["ROOM1"].limits.client.broadcast_per_second = 7;
  relay_.adopt(config);
  FakeLink& link = connect(1);
  say(link, hello(1));
  EXPECT_EQ(link.all<ctrl::Welcome>().at(0).limits.broadcast_per_second, 7u);
}

TEST_F(Seating, NewRulesReachOpenRoomsAndTakeNoSeatAway) {
  FakeLink& first = join_client(1);
  join_client(2);
  RelayConfig config;
  config.rules = {.max_seats = 1, .guards = {.eapol = false}, .expires = now_};
  relay_.adopt(config);
  wait(std::chrono::seconds(1));
  EXPECT_EQ(story(first), Story{});
  EXPECT_EQ(room()->seats().size(), 2u);
  EXPECT_FALSE(room()->guards().eapol);
  FakeLink& late = connect(3);
  say(late, hello(3));
  EXPECT_EQ(story(late), (Story{"reject", "close"}));
}

TEST_F(Seating, TheRoomsMtuStaysThatOfTheTapsInIt) {
  RelayConfig config;
  config.room_mtu = 1400;
  relay_.adopt(config);
  FakeLink& link = connect(1);
  say(link, hello(1));
  EXPECT_EQ(link.all<ctrl::Welcome>().at(0).mtu, 1500);
}

TEST_F(Seating, TheGatewayIsToldItsOwnLimits) {
  FakeLink& link = connect(9);
  say(link, gateway_hello(9));
  EXPECT_EQ(link.all<ctrl::Welcome>().at(0).limits.broadcast_per_second, kDefaultGatewayLimits.broadcast_per_second);
  EXPECT_EQ(link.all<ctrl::Welcome>().at(0).limits.bytes_per_second, 0u);
}

TEST_F(Seating, ANewcomerHearsWelcomeFirstAndThenWhoIsThere) {
  join_gateway(9);
  join_client(1);
  FakeLink& newcomer = connect(2);
  say(newcomer, hello(2));
  EXPECT_EQ(story(newcomer), (Story{"welcome", "joined player9", "joined player1"}));
}

TEST_F(Seating, ThosePresentHearOfANewcomerBeforeItsFirstFrame) {
  FakeLink& present = join_client(1);
  FakeLink& newcomer = connect(2);
  say(newcomer, hello(2));
  send(newcomer, proto::test::ipv4_udp(test_mac(1), test_mac(2)));
  EXPECT_EQ(story(present), (Story{"joined player2", "frame"}));
}

TEST_F(Seating, PeerJoinedSaysWhoItIs) {
  FakeLink& present = join_client(1);
  join(9, gateway_hello(9));
  FakeLink& newcomer = connect(2);
  say(newcomer, hello(2));
  const auto joined = present.all<PeerJoined>().at(0);
  EXPECT_EQ(joined.role, Role::client);
  EXPECT_EQ(joined.mac, test_mac(2));
  EXPECT_EQ(joined.name, "player2");
  EXPECT_EQ(joined.peer, newcomer.all<ctrl::Welcome>().at(0).peer);
}

TEST_F(Seating, RoomsDoNotHearOfEachOther) {
  FakeLink& elsewhere = join(1, hello(1, Role::client, "ROOM2"));
  FakeLink& here = join_client(2);
  send(here, proto::test::ipv4_udp(proto::test::kBroadcastMac, test_mac(2)));
  EXPECT_TRUE(elsewhere.sent().empty());
}

TEST_F(Seating, ALostMemberIsAnnouncedAsLeft) {
  FakeLink& leaver = join_client(1);
  FakeLink& present = join_client(2);
  lose(leaver);
  ASSERT_EQ(story(present), Story{"left 1"});
  EXPECT_EQ(present.all<PeerLeft>()[0].reason, "connection lost: no answer");
  EXPECT_TRUE(logged("member left"));
}

TEST_F(Seating, ARoomLivesFromItsFirstMemberToItsLast) {
  FakeLink& first = join_client(1);
  FakeLink& second = join_client(2);
  EXPECT_NE(room(), nullptr);
  say(first, ctrl::Disconnect{});
  EXPECT_NE(room(), nullptr);
  say(second, ctrl::Disconnect{});
  EXPECT_EQ(room(), nullptr);
  EXPECT_TRUE(logged("room closed"));
}

TEST_F(Seating, AKilledClientThatReturnsWithTheSameIdentityTakesItsSeatAtOnce) {
  FakeLink& killed = join_client(1);
  FakeLink& present = join_client(2);
  FakeLink& returned = connect(1);
  say(returned, hello(1));
  EXPECT_EQ(closed_with(killed), CloseCode::replaced);
  EXPECT_EQ(killed.context, nullptr);
  EXPECT_EQ(returned.all<ctrl::Welcome>().at(0).peer, PeerId{1});
  EXPECT_EQ(story(returned), (Story{"welcome", "joined player2"}));
  EXPECT_EQ(story(present), (Story{"left 1", "joined player1"}));
  EXPECT_EQ(room()->seats().size(), 2u);
}

TEST_F(Seating, ALoneMemberThatReturnsFindsItsRoomOpen) {
  join_client(1);
  FakeLink& returned = connect(1);
  say(returned, hello(1));
  EXPECT_EQ(returned.all<ctrl::Welcome>().size(), 1u);
  ASSERT_NE(room(), nullptr);
  EXPECT_EQ(room()->seats().size(), 1u);
  EXPECT_FALSE(logged("room closed"));
}

TEST_F(Seating, AReturnedMemberSendsAndTheOldLinkDoesNot) {
  FakeLink& killed = join_client(1);
  FakeLink& present = join_client(2);
  FakeLink& returned = join_client(1);
  send(killed, proto::test::ipv4_udp(test_mac(2), test_mac(1)));
  EXPECT_TRUE(present.sent().empty());
  EXPECT_EQ(relay_.unseated().dropped(obs::DropReason::not_seated), 1u);
  send(returned, proto::test::ipv4_udp(test_mac(2), test_mac(1)));
  EXPECT_EQ(story(present), Story{"frame"});
}

TEST_F(Seating, NobodyElseCanTakeASeat) {
  FakeLink& owner = join_client(1);
  FakeLink& other = connect(2);
  ctrl::Hello claim = hello(1);
  claim.previous = PeerId{1};
  say(other, claim);
  EXPECT_EQ(other.all<ctrl::Reject>().at(0).code, RejectCode::mac_taken);
  EXPECT_EQ(closed_with(other), CloseCode::rejected);
  EXPECT_TRUE(owner.sent().empty());
}

TEST_F(Seating, AKilledGatewayTakesItsSeatAtOnceAndAnotherOneCannot) {
  FakeLink& killed = join_gateway(9);
  FakeLink& other = connect(8);
  say(other, gateway_hello(8));
  EXPECT_EQ(other.all<ctrl::Reject>().at(0).code, RejectCode::gateway_taken);
  FakeLink& returned = connect(9);
  say(returned, gateway_hello(9));
  EXPECT_EQ(closed_with(killed), CloseCode::replaced);
  EXPECT_EQ(room()->gateway()->link, &returned);
}

TEST_F(Seating, AMemberThatReturnsMayBringANewMac) {
  join_client(1);
  join_client(2);
  FakeLink& returned = connect(1);
  ctrl::Hello changed = hello(1);
  changed.mac = test_mac(11);
  say(returned, changed);
  EXPECT_EQ(returned.all<ctrl::Welcome>().at(0).peer, PeerId{1});
  EXPECT_EQ(room()->owner(test_mac(1)), nullptr);
  EXPECT_EQ(room()->owner(test_mac(11))->link, &returned);
}

TEST_F(Seating, AMemberGetsItsPreviousIdBackWhenItIsFree) {
  join_client(1);
  FakeLink& link = connect(2);
  ctrl::Hello back = hello(2);
  back.previous = PeerId{40};
  say(link, back);
  EXPECT_EQ(link.all<ctrl::Welcome>().at(0).peer, PeerId{40});
  FakeLink& other = connect(3);
  ctrl::Hello late = hello(3);
  late.previous = PeerId{40};
  say(other, late);
  EXPECT_EQ(other.all<ctrl::Welcome>().at(0).peer, PeerId{2});
}

TEST_F(Seating, ARejectedVisitorHearsWhyAndIsClosed) {
  FakeLink& link = connect(1);
  ctrl::Hello wrong = hello(1);
  wrong.room = "no room";
  say(link, wrong);
  EXPECT_EQ(story(link), (Story{"reject", "close"}));
  EXPECT_EQ(link.all<ctrl::Reject>()[0].code, RejectCode::bad_room);
  EXPECT_EQ(closed_with(link), CloseCode::rejected);
  EXPECT_EQ(relay_.waiting(), 0u);
  EXPECT_TRUE(logged("refused"));
}

TEST_F(Seating, AMemberThatDoesNotReadIsClosedAndLeaves) {
  FakeLink& slow = join_client(1);
  FakeLink& present = join_client(2);
  slow.reads_control = false;
  FakeLink& newcomer = connect(3);
  say(newcomer, hello(3));
  EXPECT_EQ(closed_with(slow), CloseCode::too_slow);
  EXPECT_EQ(story(present), (Story{"joined player3", "left 1"}));
  EXPECT_EQ(story(newcomer), (Story{"welcome", "joined player1", "joined player2", "left 1"}));
}

TEST_F(Seating, ManyThatDoNotReadAreClosedInOneCall) {
  for (std::uint8_t number = 1; number <= 10; ++number) join_client(number);
  for (FakeLink& link : links_) link.reads_control = false;
  FakeLink& newcomer = connect(20);
  say(newcomer, hello(20));
  for (const FakeLink& link : links_) {
    EXPECT_EQ(closed_with(link), &link == &newcomer ? std::nullopt : std::optional(CloseCode::too_slow));
  }
  EXPECT_EQ(room()->seats().size(), 1u);
}

}  // namespace
}  // namespace softlan::relay
