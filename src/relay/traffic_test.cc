#include "relay/traffic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <sstream>
#include <vector>

#include "proto/tcp_mss.h"
#include "proto/test_frames.h"
#include "relay/test_link.h"

namespace softlan::relay {
namespace {

using ctrl::Role;
using test::FakeLink;
using test::SentEcho;
using test::SentFrame;
using namespace proto::test;

// A room with clients 1 and 2 and the gateway 9.
class TrafficTest : public testing::Test {
 protected:
  Seat& seat(std::uint8_t number, Role role = Role::client) {
    Seat member;
    member.role = role;
    member.mac = test_mac(number);
    member.link = &links_.emplace_back(number);
    return room_.join(std::move(member), PeerId{number});
  }
  void forward(Seat& from, const Frame& frame) { traffic_.forward(now_, room_, from, pool_.copy(frame)); }
  void echo(Seat& from, const proto::Echo& echo) { Traffic::pass_echo(now_, room_, from, echo); }
  static FakeLink& link(Seat& seat) { return static_cast<FakeLink&>(*seat.link); }

  TimePoint now_{};
  FramePool pool_{64};
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::debug, obs::LogFormat::text);
  std::list<FakeLink> links_;
  Room room_{"ROOM1"};
  Traffic traffic_{log_};
  Seat& first_ = seat(1);
  Seat& second_ = seat(2);
  Seat& gateway_ = seat(9, Role::gateway);
};

TEST_F(TrafficTest, AFrameArrivesUnchangedStampedWithItsSender) {
  const Frame frame = ipv4_udp(second_.mac, first_.mac, {.payload = pattern(1400)});
  forward(first_, frame);
  const auto frames = link(second_).all<SentFrame>();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].sender, first_.id);
  EXPECT_EQ(frames[0].bytes, frame);
}

TEST_F(TrafficTest, ABroadcastReachesEverybodyButItsSender) {
  forward(first_, arp(first_.mac, ip("192.0.2.1"), ip("192.0.2.2")));
  EXPECT_TRUE(link(first_).sent().empty());
  EXPECT_EQ(link(second_).all<SentFrame>().size(), 1u);
  EXPECT_EQ(link(gateway_).all<SentFrame>().size(), 1u);
}

TEST_F(TrafficTest, ABroadcastIsOneBufferHoweverManyHearIt) {
  const FrameRef frame = pool_.copy(arp(first_.mac, ip("192.0.2.1"), ip("192.0.2.2")));
  traffic_.forward(now_, room_, first_, frame);
  EXPECT_EQ(pool_.in_use(), 1u);
}

TEST_F(TrafficTest, FramesAreCountedAtTheSenderAndAtEveryTarget) {
  const Frame frame = arp(first_.mac, ip("192.0.2.1"), ip("192.0.2.2"));
  forward(first_, frame);
  EXPECT_EQ(first_.counters.in.frames, 1u);
  EXPECT_EQ(first_.counters.in.bytes, frame.size());
  EXPECT_EQ(first_.counters.out.frames, 0u);
  EXPECT_EQ(second_.counters.out.frames, 1u);
  EXPECT_EQ(gateway_.counters.out.bytes, frame.size());
}

TEST_F(TrafficTest, DropsAreCountedByReason) {
  forward(first_, ipv4_udp(second_.mac, test_mac(77)));
  EXPECT_EQ(first_.counters.in.frames, 1u);
  EXPECT_EQ(first_.counters.in.dropped(obs::DropReason::forged_source), 1u);
  EXPECT_EQ(first_.counters.in.dropped_total(), 1u);
  EXPECT_TRUE(link(second_).sent().empty());
}

// ---- the maximum segment size of TCP

// A SYN with the MSS of a 1500-byte LAN.
Frame syn(const Seat& to, const Seat& from) {
  return ipv4_tcp(to.mac, from.mac, {.flags = 0x02, .options = {2, 4, 0x05, 0xb4}});
}

class MssTest : public TrafficTest {
 protected:
  MssTest() {
    for (Seat* seat : {&first_, &second_, &gateway_}) set_budgets(*seat, 1442, 1442);
  }
  static void set_budgets(Seat& seat, std::uint32_t from_member, std::size_t to_member) {
    seat.told_budget = from_member;
    link(seat).present_stats.budget = to_member;
  }
  // What `to` hears when `from` asks for a connection.
  std::uint16_t announced(Seat& to, Seat& from) {
    forward(from, syn(to, from));
    return proto::find_tcp_mss(proto::parse_packet(link(to).all<SentFrame>().back().bytes).value()).value().value;
  }
};

TEST_F(MssTest, IsLoweredSoThatAFullSegmentFitsOneDatagram) { EXPECT_EQ(announced(second_, first_), 1384); }

TEST_F(MssTest, FollowsTheSmallerBudgetOfTheWayTheSegmentsTake) {
  set_budgets(gateway_, 1300, 1442);
  EXPECT_EQ(announced(gateway_, first_), 1300 - 58);
  set_budgets(first_, 1442, 1200);
  EXPECT_EQ(announced(gateway_, first_), 1200 - 58);
}

TEST_F(MssTest, DoesNotFollowTheBudgetsOfTheOtherWay) {
  set_budgets(first_, 1200, 1442);
  set_budgets(gateway_, 1442, 1200);
  EXPECT_EQ(announced(gateway_, first_), 1384);
}

TEST_F(MssTest, NeverFallsBelowTheSmallestBudget) {
  set_budgets(second_, 0, 1442);
  EXPECT_EQ(announced(second_, first_), 1168 - 58);
  set_budgets(second_, 1, 1442);
  EXPECT_EQ(announced(second_, first_), 1168 - 58);
}

TEST_F(MssTest, IsNeverRaised) {
  for (Seat* seat : {&first_, &second_}) set_budgets(*seat, 9000, 9000);
  EXPECT_EQ(announced(second_, first_), 1460);
}

TEST_F(MssTest, StaysInTheFrameThatOthersMayHold) {
  const Frame frame = syn(second_, first_);
  const FrameRef shared = pool_.copy(frame);
  traffic_.forward(now_, room_, first_, shared);
  EXPECT_TRUE(std::ranges::equal(shared.bytes(), frame));
}

TEST_F(MssTest, IsLeftAloneWhenThereIsNoBufferForTheChange) {
  std::vector<FrameRef> held;
  while (pool_.in_use() < 63) held.push_back(pool_.acquire(64));
  EXPECT_EQ(announced(second_, first_), 1460);
}

TEST_F(MssTest, IsLeftAloneWhenSwitchedOff) {
  room_.adopt({.limits = {.mss_clamp = false}});
  const Frame frame = syn(second_, first_);
  forward(first_, frame);
  EXPECT_EQ(link(second_).all<SentFrame>().back().bytes, frame);
}

TEST_F(TrafficTest, DecisionsAreLoggedAtDebugLevel) {
  forward(first_, ipv4_udp(second_.mac, first_.mac));
  forward(first_, ipv4_udp(second_.mac, test_mac(77)));
  const std::string text = log_text_.str();
  EXPECT_NE(text.find("room=ROOM1 peer=1 source=02:00:00:00:00:01 destination=02:00:00:00:00:02 ethertype=ipv4"),
            std::string::npos);
  EXPECT_NE(text.find("action=forward reason=none targets=1"), std::string::npos);
  EXPECT_NE(text.find("action=drop reason=forged_source targets=0"), std::string::npos);
}

TEST_F(TrafficTest, TheRelayAnswersAnEchoMeantForIt) {
  echo(first_, {.target = kRelayPeer, .cookie = 0x1122334455667788, .reply = false});
  const auto echoes = link(first_).all<SentEcho>();
  ASSERT_EQ(echoes.size(), 1u);
  EXPECT_EQ(echoes[0].sender, kRelayPeer);
  EXPECT_EQ(echoes[0].echo.target, first_.id);
  EXPECT_EQ(echoes[0].echo.cookie, 0x1122334455667788u);
  EXPECT_TRUE(echoes[0].echo.reply);
}

TEST_F(TrafficTest, AnEchoForAMemberIsHandedOnStampedWithItsSender) {
  echo(first_, {.target = gateway_.id, .cookie = 5, .reply = false});
  echo(gateway_, {.target = first_.id, .cookie = 5, .reply = true});
  const auto asked = link(gateway_).all<SentEcho>();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].sender, first_.id);
  EXPECT_FALSE(asked[0].echo.reply);
  const auto answered = link(first_).all<SentEcho>();
  ASSERT_EQ(answered.size(), 1u);
  EXPECT_EQ(answered[0].sender, gateway_.id);
  EXPECT_EQ(answered[0].echo.cookie, 5u);
  EXPECT_TRUE(answered[0].echo.reply);
}

TEST_F(TrafficTest, AnEchoForNobodyOrForItselfOrAnAnswerToTheRelayIsIgnored) {
  echo(first_, {.target = PeerId{77}, .cookie = 5, .reply = false});
  echo(first_, {.target = first_.id, .cookie = 5, .reply = false});
  echo(first_, {.target = kRelayPeer, .cookie = 5, .reply = true});
  for (const FakeLink& link : links_) EXPECT_TRUE(link.sent().empty());
}

TEST_F(TrafficTest, AMemberMayAskTwentyTimesASecond) {
  for (int i = 0; i < 100; ++i) echo(first_, {.target = gateway_.id, .cookie = 5, .reply = false});
  EXPECT_EQ(link(gateway_).all<SentEcho>().size(), 20u);
  EXPECT_EQ(first_.counters.in.dropped(obs::DropReason::bandwidth_limit), 80u);
}

}  // namespace
}  // namespace softlan::relay
