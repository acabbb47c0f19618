// What a session says when it is asked.
#include <gmock/gmock.h>

#include "session/test_session.h"

namespace softlan::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using namespace test;

class SessionStatus : public SessionTest {
 protected:
  [[nodiscard]] Status status() const { return session_.status(story_.now); }
};

TEST_F(SessionStatus, NamesTheRoomBeforeThereIsASeat) {
  EXPECT_EQ(status().room, "ROOM1");
  EXPECT_EQ(status().relay, "relay.example.org:443");
  EXPECT_FALSE(status().seated);
  EXPECT_EQ(status().peer, kRelayPeer);
}

TEST_F(SessionStatus, TellsTheSeatAndWhoIsHere) {
  story_.start_seated(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  story_.say(client_peer(9, "Bob"));
  EXPECT_TRUE(status().seated);
  EXPECT_EQ(status().peer, kOwnSeat);
  EXPECT_TRUE(status().gateway_present);
  EXPECT_THAT(status().peers, ElementsAre(gateway_peer(), client_peer(9, "Bob")));
}

TEST_F(SessionStatus, TellsTheStateOfTheLink) {
  FakeLink& relay = story_.start_seated();
  relay.present_stats = {
      .rtt = milliseconds(12), .budget = 1442, .queued_bytes = 3000, .queued_since = story_.now, .packets_lost = 7};
  relay.present_counters.out.frames = 40;
  member_.present_counters.in.drop(obs::DropReason::tunnel_in_tunnel);
  const Status seen = session_.status(story_.now + milliseconds(5));
  EXPECT_EQ(seen.round_trips.relay, milliseconds(12));
  EXPECT_EQ(seen.budget, 1442u);
  EXPECT_EQ(seen.queued_bytes, 3000u);
  EXPECT_EQ(seen.queue_delay, milliseconds(5));
  EXPECT_EQ(seen.packets_lost, 7u);
  EXPECT_EQ(seen.link.out.frames, 40u);
  EXPECT_EQ(seen.port.in.dropped(obs::DropReason::tunnel_in_tunnel), 1u);
}

TEST_F(SessionStatus, KeepsTheCountersOfAConnectionThatIsLost) {
  FakeLink& relay = story_.start_seated();
  relay.present_counters.in.frames = 40;
  story_.lose(relay);
  EXPECT_FALSE(status().seated);
  EXPECT_EQ(status().link.in.frames, 40u);
  EXPECT_TRUE(status().peers.empty());
}

TEST_F(SessionStatus, CountsEchoesWithoutAnAnswer) {
  FakeLink& relay = story_.start_seated(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  for (int second = 0; second < 4; ++second) {
    story_.wait(seconds(1));
    const std::uint64_t cookie = relay.all<link::test::SentEcho>().back().echo.cookie;
    story_.receive_echo(kRelayPeer, {.target = kOwnSeat, .cookie = cookie, .reply = true});
    if (second != 1) story_.receive_echo(kGatewaySeat, {.target = kOwnSeat, .cookie = cookie, .reply = true});
  }
  EXPECT_EQ(status().echoes.relay, (EchoTally{.due = 4, .lost = 0}));
  EXPECT_EQ(status().echoes.gateway, (EchoTally{.due = 4, .lost = 1}));
}

TEST_F(SessionStatus, CountsEchoesToANewGatewayAfresh) {
  story_.start_seated(welcome(kGatewaySeat));
  story_.say(gateway_peer());
  story_.wait(seconds(5));
  EXPECT_GT(status().echoes.gateway.lost, 0u);
  story_.say(ctrl::PeerLeft{kGatewaySeat, {}});
  story_.say(gateway_peer());
  EXPECT_EQ(status().echoes.gateway, EchoTally{});
}

TEST_F(SessionStatus, CountsSeats) {
  EXPECT_EQ(status().seats, 0u);
  story_.start_seated();
  EXPECT_EQ(status().seats, 1u);
}

}  // namespace
}  // namespace softlan::session
