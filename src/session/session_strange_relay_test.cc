// Session: relays that say what they should not, or do not listen.
#include <gmock/gmock.h>

#include <string_view>
#include <vector>

#include "session/test_session.h"

namespace softlan::session {
namespace {

using link::CloseCode;
using obs::Condition;
using testing::SizeIs;
using namespace test;

const Frame kFrame = proto::test::ipv4_udp(test_mac(1), test_mac(3));

class SessionWithAStrangeRelay : public SessionTest {
 protected:
  void expect_protocol_error(const FakeLink& relay) {
    EXPECT_EQ(closed_with(relay), CloseCode::protocol_error);
    EXPECT_EQ(last_told(), Condition::relay_misunderstood);
    EXPECT_TRUE(last_details().retry_in.has_value());
    EXPECT_THAT(listener_.ended, SizeIs(0));
    story_.wait_for_deadline();
    EXPECT_EQ(surroundings_.lookups, 2);
  }
};

TEST_F(SessionWithAStrangeRelay, ClosesAfterAMalformedMessageAndTriesAgain) {
  FakeLink& relay = story_.start_seated();
  const std::uint8_t broken[] = {0, 0, 0, 2, '{', '{'};
  session_.on_control(story_.now, relay, broken);
  EXPECT_EQ(member_.unseated, 1);
  expect_protocol_error(relay);
}

TEST_F(SessionWithAStrangeRelay, ClosesAfterAMessageLargerThanAny) {
  FakeLink& relay = story_.start_seated();
  const std::uint8_t endless[] = {0xff, 0xff, 0xff, 0xff};
  session_.on_control(story_.now, relay, endless);
  expect_protocol_error(relay);
}

TEST_F(SessionWithAStrangeRelay, TakesOneWelcomeOnly) {
  FakeLink& relay = story_.start_seated();
  story_.say(welcome());
  EXPECT_THAT(member_.welcomes, SizeIs(1));
  expect_protocol_error(relay);
}

TEST_F(SessionWithAStrangeRelay, TakesNoAnnouncementBeforeTheWelcome) {
  session_.start(story_.now);
  FakeLink& relay = story_.connect();
  story_.say(client_peer(3));
  EXPECT_THAT(member_.joined, SizeIs(0));
  expect_protocol_error(relay);
}

TEST_F(SessionWithAStrangeRelay, TakesNoRejectAfterTheWelcome) {
  FakeLink& relay = story_.start_seated();
  story_.say(ctrl::Reject{});
  expect_protocol_error(relay);
}

TEST_F(SessionWithAStrangeRelay, SendsNoMoreThanAPingASecondWhateverItWants) {
  ctrl::Welcome words = welcome();
  words.keep_alive_ms = 1;
  EXPECT_EQ(story_.start_seated(words).keep_alive, Duration(std::chrono::seconds(1)));
}

TEST_F(SessionWithAStrangeRelay, LeavesOneWithMoreMembersThanARoomHas) {
  FakeLink& relay = story_.start_seated();
  const auto join = [&](std::uint16_t number) {
    ctrl::PeerJoined peer = client_peer(3);
    peer.peer = PeerId{number};
    story_.say(peer);
  };
  for (std::uint16_t number = 1000; number < 1000 + 1024; ++number) join(number);
  join(1000);  // once more is no more
  EXPECT_TRUE(session_.seated());
  join(3000);
  EXPECT_EQ(session_.peer(PeerId{1000}), nullptr);
  expect_protocol_error(relay);
}

TEST_F(SessionWithAStrangeRelay, TellsAPersonOfACrowdInOneSentence) {
  story_.start_seated();
  const auto before = listener_.told.size();
  for (int i = 0; i < 1000; ++i) {
    story_.say(client_peer(3));
    story_.say(ctrl::PeerLeft{.peer = PeerId{3}});
  }
  EXPECT_THAT(listener_.told, SizeIs(before + 20));
  EXPECT_THAT(member_.left, SizeIs(1000));
  story_.wait(std::chrono::seconds(10));
  EXPECT_THAT(listener_.told, SizeIs(before + 21));
  EXPECT_EQ(last_told(), Condition::members_come_and_go);
  EXPECT_EQ(last_details().message, "1980 more joined or left");
}

TEST_F(SessionWithAStrangeRelay, IgnoresMessagesItDoesNotKnow) {
  FakeLink& relay = story_.start_seated();
  const std::string_view json = R"({"type":"weather"})";
  std::vector<std::uint8_t> bytes = {0, 0, 0, static_cast<std::uint8_t>(json.size())};
  bytes.insert(bytes.end(), json.begin(), json.end());
  session_.on_control(story_.now, relay, bytes);
  EXPECT_TRUE(session_.seated());
}

TEST_F(SessionWithAStrangeRelay, ReadsMessagesInPieces) {
  session_.start(story_.now);
  FakeLink& relay = story_.connect();
  for (const std::uint8_t byte : ctrl::encode(welcome())) session_.on_control(story_.now, relay, {&byte, 1});
  EXPECT_TRUE(session_.seated());
}

TEST_F(SessionWithAStrangeRelay, LeavesOneThatReadsNoControlMessages) {
  FakeLink& relay = story_.start_seated();
  relay.reads_control = false;
  relay.present_stats.budget = 1400;
  session_.on_budget(story_.now, relay, 1400);
  EXPECT_EQ(closed_with(relay), CloseCode::too_slow);
  EXPECT_FALSE(session_.send_frame(story_.now, story_.pool.copy(kFrame)));
  EXPECT_LE(session_.next_deadline(), story_.now);
  session_.on_deadline(story_.now);
  EXPECT_EQ(member_.unseated, 1);
  EXPECT_EQ(last_told(), Condition::relay_lost);
  story_.wait_for_deadline();
  story_.sit_down();
}

TEST_F(SessionWithAStrangeRelay, LeavesOneThatDoesNotEvenReadTheHello) {
  surroundings_.relays_read_control = false;
  session_.start(story_.now);
  FakeLink& relay = story_.connect();
  EXPECT_EQ(closed_with(relay), CloseCode::too_slow);
  session_.on_deadline(story_.now);
  EXPECT_EQ(last_told(), Condition::no_welcome);
}

TEST_F(SessionWithAStrangeRelay, HearsNothingMoreOfALinkItClosed) {
  FakeLink& former = story_.start_seated();
  story_.say(ctrl::Disconnect{});
  session_.on_control(story_.now, former, ctrl::encode(welcome()));
  story_.receive(PeerId{3}, kFrame);
  EXPECT_FALSE(session_.seated());
  EXPECT_THAT(member_.welcomes, SizeIs(1));
  EXPECT_THAT(member_.senders, SizeIs(0));
}

}  // namespace
}  // namespace softlan::session
