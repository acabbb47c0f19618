// Session, once connected: seat, peers, frames, echoes, stats.
#include <gmock/gmock.h>

#include "obs/snapshot.h"
#include "session/test_session.h"

namespace softlan::session {
namespace {

using link::CloseCode;
using link::test::SentEcho;
using link::test::SentFrame;
using obs::Condition;
using obs::DropReason;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;
using namespace test;

const Frame kFrame = proto::test::ipv4_udp(test_mac(1), test_mac(3));

// ---- a seat, and who else has one

class SeatedSession : public SessionTest {};

TEST_F(SeatedSession, BeginsWithTheWelcome) {
  session_.start(story_.now);
  story_.connect();
  EXPECT_FALSE(session_.seated());
  EXPECT_FALSE(session_.send_frame(story_.now, story_.pool.copy(kFrame)));
  story_.say(welcome());
  EXPECT_TRUE(session_.seated());
  EXPECT_THAT(member_.welcomes, ElementsAre(welcome()));
}

TEST_F(SeatedSession, SendsFramesToTheRelay) {
  FakeLink& relay = story_.start_seated();
  EXPECT_TRUE(session_.send_frame(story_.now, story_.pool.copy(kFrame)));
  const auto frames = relay.all<SentFrame>();
  ASSERT_THAT(frames, SizeIs(1));
  EXPECT_EQ(frames[0].sender, kRelayPeer);
  EXPECT_EQ(frames[0].bytes, kFrame);
}

TEST_F(SeatedSession, EndsWithTheLinkAndReturnsByItself) {
  story_.lose(story_.start_seated(welcome(kGatewaySeat)));
  EXPECT_FALSE(session_.seated());
  EXPECT_EQ(member_.unseated, 1);
  EXPECT_FALSE(session_.gateway_present());
  EXPECT_EQ(last_told(), Condition::relay_lost);
  EXPECT_FALSE(session_.send_frame(story_.now, story_.pool.copy(kFrame)));
  story_.wait_for_deadline();
  story_.sit_down();
  EXPECT_THAT(member_.welcomes, SizeIs(2));
}

TEST_F(SeatedSession, KeepsTheCountersOfLinksThatHaveEnded) {
  FakeLink& former = story_.start_seated();
  former.present_counters.out = {.frames = 4, .datagrams = 5, .bytes = 6, .drops = {}};
  former.present_counters.out.drop(DropReason::link_down, 2);
  story_.receive(PeerId{99}, kFrame);
  story_.lose(former);
  story_.wait_for_deadline();
  FakeLink& present = story_.sit_down();
  present.present_counters.out = {.frames = 10, .datagrams = 10, .bytes = 10, .drops = {}};
  member_.present_counters.in.frames = 1000;  // of the port, which only its drops add to
  member_.present_counters.in.drop(DropReason::forged_source);
  const obs::Counters totals = session_.totals();
  EXPECT_EQ(totals.out.frames, 14u);
  EXPECT_EQ(totals.in.frames, 0u);
  EXPECT_EQ(obs::drops_text(totals), "unknown_sender:1,forged_source:1,link_down:2");
  story_.relay_is_heard = false;
  story_.wait(seconds(5));
  EXPECT_THAT(present.all<ctrl::Stats>().at(0).drops,
              ElementsAre(Pair("forged_source", 1), Pair("link_down", 2), Pair("unknown_sender", 1)));
}

TEST_F(SeatedSession, KeepsItsLinkAliveAsOftenAsTheRelayWants) {
  ctrl::Welcome words = welcome();
  words.keep_alive_ms = 15000;
  EXPECT_EQ(story_.start_seated(words).keep_alive, Duration(seconds(15)));
}

TEST_F(SeatedSession, KeepsItsLinkAliveAsItIsUsedToWhenTheRelayDoesNotMind) {
  ctrl::Welcome words = welcome();
  words.keep_alive_ms = 0;
  EXPECT_EQ(story_.start_seated(words).keep_alive, std::nullopt);
}

TEST_F(SeatedSession, EndsWithTheRelaysGoodbye) {
  FakeLink& relay = story_.start_seated();
  story_.say(ctrl::Disconnect{"restarting"});
  EXPECT_EQ(closed_with(relay), CloseCode::leave);
  EXPECT_EQ(last_told(), Condition::relay_closed);
  EXPECT_EQ(last_details().message, "restarting");
  EXPECT_TRUE(last_details().retry_in.has_value());
}

TEST_F(SeatedSession, KnowsWhoIsAnnouncedUntilTheyLeave) {
  story_.start_seated();
  story_.say(client_peer(3, "Bob"));
  EXPECT_THAT(member_.joined, ElementsAre(client_peer(3, "Bob")));
  ASSERT_NE(session_.peer(PeerId{3}), nullptr);
  EXPECT_EQ(session_.peer(PeerId{3})->name, "Bob");
  EXPECT_EQ(last_told(), Condition::member_joined);
  EXPECT_EQ(last_details().member, "Bob");

  story_.say(ctrl::PeerLeft{.peer = PeerId{3}, .reason = "timeout"});
  EXPECT_THAT(member_.left, ElementsAre(client_peer(3, "Bob")));
  EXPECT_EQ(session_.peer(PeerId{3}), nullptr);
  EXPECT_EQ(last_told(), Condition::member_left);
  EXPECT_EQ(last_details().member, "Bob");
  EXPECT_EQ(last_details().message, "timeout");
}

TEST_F(SeatedSession, CallsAMemberWithoutANameByItsMac) {
  story_.start_seated();
  story_.say(client_peer(3));
  EXPECT_EQ(last_details().member, "02:00:00:00:00:03");
}

TEST_F(SeatedSession, ReplacesWhatItKnewOfAPeerAnnouncedAgain) {
  story_.start_seated();
  story_.say(client_peer(3, "Bob"));
  story_.say(client_peer(3, "Robert"));
  EXPECT_EQ(session_.peer(PeerId{3})->name, "Robert");
}

TEST_F(SeatedSession, IgnoresItselfAndStrangersInAnnouncements) {
  story_.start_seated();
  ctrl::PeerJoined own = client_peer(1);
  own.peer = kOwnSeat;
  story_.say(own);
  story_.say(ctrl::PeerLeft{.peer = PeerId{99}, .reason = {}});
  EXPECT_THAT(member_.joined, SizeIs(0));
  EXPECT_THAT(member_.left, SizeIs(0));
}

TEST_F(SeatedSession, ForgetsEverybodyWithItsSeat) {
  FakeLink& relay = story_.start_seated();
  story_.say(client_peer(3));
  story_.lose(relay);
  EXPECT_EQ(session_.peer(PeerId{3}), nullptr);
  story_.wait_for_deadline();
  story_.sit_down();
  EXPECT_EQ(session_.peer(PeerId{3}), nullptr);
}

// ---- the gateway

TEST_F(SeatedSession, KnowsOfTheGatewayFromTheWelcome) {
  story_.start_seated(welcome(kGatewaySeat));
  EXPECT_TRUE(session_.gateway_present());
  EXPECT_EQ(last_told(), Condition::seated_with_gateway);
  story_.say(gateway_peer());
  EXPECT_THAT(member_.joined, SizeIs(1));
  EXPECT_FALSE(listener_.heard(Condition::gateway_joined));  // it was there before us
}

TEST_F(SeatedSession, TellsOfAGatewayThatComesAndGoes) {
  story_.start_seated();
  EXPECT_FALSE(session_.gateway_present());
  EXPECT_EQ(last_told(), Condition::seated_without_gateway);
  story_.say(gateway_peer("the party"));
  EXPECT_TRUE(session_.gateway_present());
  EXPECT_EQ(last_told(), Condition::gateway_joined);
  EXPECT_EQ(last_details().member, "the party");
  story_.say(ctrl::PeerLeft{.peer = kGatewaySeat, .reason = "left"});
  EXPECT_FALSE(session_.gateway_present());
  EXPECT_EQ(last_told(), Condition::gateway_left);
  EXPECT_EQ(last_details().member, "the party");
}

class GatewaysSession : public SessionTest {
 protected:
  GatewaysSession() : SessionTest(config_of(ctrl::Role::gateway)) {}
};

TEST_F(GatewaysSession, IsSeatedAsOne) {
  FakeLink& relay = story_.start_seated(welcome(kOwnSeat));
  EXPECT_EQ(relay.all<ctrl::Hello>().at(0).role, ctrl::Role::gateway);
  EXPECT_EQ(last_told(), Condition::seated_as_gateway);
}

// ---- frames

TEST_F(SeatedSession, HandsOnFramesOfAnnouncedPeers) {
  story_.start_seated();
  story_.say(client_peer(3));
  story_.receive(PeerId{3}, kFrame);
  EXPECT_THAT(member_.senders, ElementsAre(PeerId{3}));
}

TEST_F(SeatedSession, DropsFramesOfPeersNobodyAnnouncedOrWhoHaveLeft) {
  FakeLink& relay = story_.start_seated();
  story_.receive(PeerId{3}, kFrame);
  story_.say(client_peer(3));
  story_.say(ctrl::PeerLeft{.peer = PeerId{3}, .reason = {}});
  story_.receive(PeerId{3}, kFrame);
  EXPECT_THAT(member_.senders, SizeIs(0));
  story_.wait(seconds(5));
  EXPECT_THAT(relay.all<ctrl::Stats>().at(0).drops, ElementsAre(Pair("unknown_sender", 2)));
}

TEST_F(SeatedSession, DropsFramesThatOvertookTheWelcome) {
  session_.start(story_.now);
  FakeLink& relay = story_.connect();
  story_.receive(PeerId{3}, kFrame);
  story_.say(welcome());
  EXPECT_THAT(member_.senders, SizeIs(0));
  story_.wait(seconds(5));
  EXPECT_THAT(relay.all<ctrl::Stats>().at(0).drops, ElementsAre(Pair("not_seated", 1)));
}

// ---- round trips

TEST_F(SeatedSession, AnswersEchoes) {
  FakeLink& relay = story_.start_seated();
  story_.receive_echo(PeerId{3}, {.target = kOwnSeat, .cookie = 99, .reply = false});
  const auto echoes = relay.all<SentEcho>();
  ASSERT_THAT(echoes, SizeIs(1));
  EXPECT_EQ(echoes[0].echo.target, PeerId{3});
  EXPECT_EQ(echoes[0].echo.cookie, 99u);
  EXPECT_TRUE(echoes[0].echo.reply);
}

TEST_F(SeatedSession, MeasuresTheWayToTheGatewayEverySecond) {
  FakeLink& relay = story_.start_seated(welcome(kGatewaySeat));
  EXPECT_EQ(session_.round_trips().gateway, std::nullopt);
  story_.wait(seconds(1));
  const auto echoes = relay.all<SentEcho>();
  ASSERT_THAT(echoes, SizeIs(2));
  EXPECT_EQ(echoes[0].echo.target, kRelayPeer) << "is the link alive?";
  EXPECT_EQ(echoes[1].echo.target, kGatewaySeat);
  EXPECT_FALSE(echoes[1].echo.reply);
  story_.wait(milliseconds(30));
  story_.receive_echo(kGatewaySeat, {.target = kOwnSeat, .cookie = echoes[1].echo.cookie, .reply = true});
  EXPECT_EQ(session_.round_trips().gateway, milliseconds(30));
  story_.wait(milliseconds(970));
  EXPECT_THAT(relay.all<SentEcho>(), SizeIs(4));
}

TEST_F(SeatedSession, MeasuresNothingByAnswersItDidNotAskFor) {
  FakeLink& relay = story_.start_seated(welcome(kGatewaySeat));
  story_.wait(seconds(1));
  const std::uint64_t cookie = relay.all<SentEcho>().at(0).echo.cookie;
  story_.receive_echo(kGatewaySeat, {.target = kOwnSeat, .cookie = cookie + 1, .reply = true});
  story_.receive_echo(PeerId{3}, {.target = kOwnSeat, .cookie = cookie, .reply = true});
  EXPECT_EQ(session_.round_trips().gateway, std::nullopt);
  EXPECT_THAT(relay.all<SentEcho>(), SizeIs(2));  // and answers no answer
}

TEST_F(SeatedSession, ForgetsTheRoundTripWithTheGateway) {
  FakeLink& relay = story_.start_seated(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  story_.wait(seconds(1));
  story_.receive_echo(kGatewaySeat,
                      {.target = kOwnSeat, .cookie = relay.all<SentEcho>().at(0).echo.cookie, .reply = true});
  EXPECT_NE(session_.round_trips().gateway, std::nullopt);
  story_.say(ctrl::PeerLeft{.peer = kGatewaySeat, .reason = {}});
  EXPECT_EQ(session_.round_trips().gateway, std::nullopt);
}

// ---- what the relay is told

TEST_F(SeatedSession, SendsStatsEveryFiveSeconds) {
  FakeLink& relay = story_.start_seated();
  story_.wait(milliseconds(4999));
  EXPECT_THAT(relay.all<ctrl::Stats>(), SizeIs(0));
  story_.wait(milliseconds(1));
  EXPECT_THAT(relay.all<ctrl::Stats>(), SizeIs(1));
  story_.wait(seconds(5));
  EXPECT_THAT(relay.all<ctrl::Stats>(), SizeIs(2));
}

TEST_F(SeatedSession, CountsTheLinksTrafficAndEverybodysDrops) {
  FakeLink& relay = story_.start_seated();
  relay.present_stats = {.rtt = milliseconds(20), .queued_since = story_.now + milliseconds(4990)};
  relay.present_counters.in = {.frames = 1, .datagrams = 2, .bytes = 3, .drops = {}};
  relay.present_counters.out = {.frames = 4, .datagrams = 5, .bytes = 6, .drops = {}};
  relay.present_counters.out.drop(DropReason::queue_full, 7);
  member_.present_counters.in.drop(DropReason::forged_source, 8);
  story_.wait(seconds(5));
  const ctrl::Stats expected = {.frames_sent = 4,
                                .frames_received = 1,
                                .bytes_sent = 6,
                                .bytes_received = 3,
                                .datagrams_sent = 5,
                                .datagrams_received = 2,
                                .drops = {{"forged_source", 8}, {"queue_full", 7}},
                                .rtt_us = 20'000,
                                .gateway_rtt_us = 0,
                                .echoes = {.due = 3, .lost = 3},
                                .gateway_echoes = {},
                                .queue_us = 10'000,
                                .seats = 1};
  EXPECT_THAT(relay.all<ctrl::Stats>(), ElementsAre(expected));
}

TEST_F(SeatedSession, TellsAChangedBudget) {
  FakeLink& relay = story_.start_seated();
  relay.present_stats.budget = 1400;
  session_.on_budget(story_.now, relay, 1400);
  story_.wait(milliseconds(1));
  EXPECT_THAT(relay.all<ctrl::Budget>(), ElementsAre(ctrl::Budget{1400}));
}

TEST_F(SeatedSession, TellsOfABudgetThatFlapsTwiceASecondAtMost) {
  FakeLink& relay = story_.start_seated();
  for (std::uint32_t i = 0; i < 100; ++i) {
    relay.present_stats.budget = 1300 + i;
    session_.on_budget(story_.now, relay, 1300 + i);
    story_.wait(milliseconds(10));
  }
  story_.wait(seconds(1));
  EXPECT_THAT(relay.all<ctrl::Budget>(), SizeIs(testing::Le(4)));
  EXPECT_EQ(relay.all<ctrl::Budget>().back().bytes, 1399u);
}

TEST_F(SeatedSession, TellsABudgetThatChangedBetweenHelloAndWelcome) {
  session_.start(story_.now);
  FakeLink& relay = story_.connect();
  relay.present_stats.budget = 1400;
  session_.on_budget(story_.now, relay, 1400);
  EXPECT_THAT(relay.all<ctrl::Budget>(), SizeIs(0));
  story_.say(welcome());
  EXPECT_THAT(relay.all<ctrl::Budget>(), ElementsAre(ctrl::Budget{1400}));
}

}  // namespace
}  // namespace softlan::session
