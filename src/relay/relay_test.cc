#include "relay/relay.h"

#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using link::CloseCode;
using obs::DropReason;
using std::chrono::milliseconds;
using std::chrono::seconds;
using namespace test;

class RelayLinks : public RelayTest {};

TEST_F(RelayLinks, WaitForAHelloForFiveSeconds) {
  FakeLink& link = connect(1);
  EXPECT_EQ(relay_.next_deadline(), now_ + seconds(5));
  wait(milliseconds(4999));
  EXPECT_EQ(closed_with(link), std::nullopt);
  wait(milliseconds(1));
  EXPECT_EQ(closed_with(link), CloseCode::timeout);
  EXPECT_EQ(link.context, nullptr);
  EXPECT_EQ(relay_.next_deadline(), kNever);
}

TEST_F(RelayLinks, AreNotTimedOutOnceSeated) {
  FakeLink& member = join_client(1);
  wait(seconds(3600));
  EXPECT_EQ(closed_with(member), std::nullopt);
}

TEST_F(RelayLinks, ThatAreLateAreClosedTogether) {
  for (std::uint8_t number = 1; number <= 5; ++number) connect(number);
  wait(seconds(5));
  for (const FakeLink& link : links_) EXPECT_EQ(closed_with(link), CloseCode::timeout);
  EXPECT_EQ(relay_.waiting(), 0u);
}

TEST_F(RelayLinks, ThatEndBeforeAHelloAreForgotten) {
  FakeLink& link = connect(1);
  lose(link);
  EXPECT_EQ(link.context, nullptr);
  EXPECT_EQ(relay_.next_deadline(), kNever);
}

TEST_F(RelayLinks, SendNoFramesWithoutASeat) {
  FakeLink& member = join_client(1);
  FakeLink& stranger = connect(2);
  send(stranger, proto::test::ipv4_udp(test_mac(1), test_mac(2)));
  send_echo(stranger, {.target = kRelayPeer, .cookie = 1, .reply = false});
  EXPECT_TRUE(member.sent().empty());
  EXPECT_TRUE(stranger.sent().empty());
  EXPECT_EQ(relay_.unseated().dropped(DropReason::not_seated), 2u);
}

TEST_F(RelayLinks, ThatWereClosedMayStillBeInABatch) {
  FakeLink& member = join_client(1);
  FakeLink& present = join_client(2);
  say(member, ctrl::Disconnect{});
  present.take();
  send(member, proto::test::ipv4_udp(test_mac(2), test_mac(1)));
  relay_.on_bad_datagram(now_, member, DropReason::malformed_datagram);
  relay_.on_budget(now_, member, 1200);
  say(member, hello(1));
  lose(member);
  EXPECT_TRUE(present.sent().empty());
  EXPECT_EQ(relay_.unseated().dropped(DropReason::not_seated), 1u);
}

TEST_F(RelayLinks, MaySendAHundredBadDatagramsInTenSeconds) {
  FakeLink& member = join_client(1);
  for (int i = 0; i < 100; ++i) relay_.on_bad_datagram(now_, member, DropReason::malformed_datagram);
  EXPECT_EQ(closed_with(member), std::nullopt);
  wait(seconds(10));
  for (int i = 0; i < 100; ++i) relay_.on_bad_datagram(now_, member, DropReason::malformed_fragment);
  EXPECT_EQ(closed_with(member), std::nullopt);
  relay_.on_bad_datagram(now_, member, DropReason::malformed_datagram);
  EXPECT_EQ(closed_with(member), CloseCode::protocol_error);
}

TEST_F(RelayLinks, AreNotBlamedForLossAndPadding) {
  FakeLink& member = join_client(1);
  for (const auto reason :
       {DropReason::filler, DropReason::duplicate_fragment, DropReason::reassembly_timeout, DropReason::no_buffer}) {
    for (int i = 0; i < 1000; ++i) relay_.on_bad_datagram(now_, member, reason);
  }
  EXPECT_EQ(closed_with(member), std::nullopt);
}

TEST_F(RelayLinks, AreToldGoodbyeWhenTheRelayEnds) {
  FakeLink& member = join_client(1);
  FakeLink& stranger = connect(2);
  relay_.shut_down();
  EXPECT_EQ(closed_with(member), CloseCode::shutting_down);
  EXPECT_EQ(closed_with(stranger), CloseCode::shutting_down);
  EXPECT_EQ(closed_with(connect(3)), CloseCode::shutting_down);
  EXPECT_EQ(relay_.next_deadline(), kNever);
  EXPECT_TRUE(relay_.rooms().empty());
}

TEST_F(RelayLinks, CarryABatchFromManyMembersInOrder) {
  FakeLink& first = join_client(1);
  FakeLink& second = join_client(2);
  FakeLink& gateway = join_gateway(9);
  std::array<link::Received, 3> batch;
  batch[0].from = &first;
  batch[0].frame = pool_.copy(proto::test::ipv4_udp(test_mac(9), test_mac(1)));
  batch[1].from = &second;
  batch[1].frame = pool_.copy(proto::test::ipv4_udp(test_mac(9), test_mac(2)));
  batch[2].from = &first;
  batch[2].frame = pool_.copy(proto::test::ipv4_udp(test_mac(9), test_mac(1)));
  relay_.on_received(now_, batch);
  const auto frames = gateway.all<SentFrame>();
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].sender, PeerId{1});
  EXPECT_EQ(frames[1].sender, PeerId{2});
  EXPECT_EQ(frames[2].sender, PeerId{1});
}

class RelayReport : public RelayTest {
 protected:
  [[nodiscard]] int traffic_lines() const {
    int count = 0;
    for (auto at = log_text_.str().find("room traffic"); at != std::string::npos;
         at = log_text_.str().find("room traffic", at + 1)) {
      ++count;
    }
    return count;
  }
};

TEST_F(RelayReport, ComesEveryMinuteWhileCountersMove) {
  join_client(1);
  FakeLink& member = join_client(2);
  EXPECT_EQ(relay_.next_deadline(), now_ + seconds(60));
  wait(seconds(60));
  EXPECT_EQ(traffic_lines(), 0);
  send(member, proto::test::ipv4_udp(test_mac(1), test_mac(2)));
  send(member, proto::test::ipv4_udp(test_mac(1), test_mac(3)));
  wait(seconds(60));
  EXPECT_EQ(traffic_lines(), 1);
  EXPECT_TRUE(logged("frames_in=2 frames_out=1"));
  EXPECT_TRUE(logged("drops=forged_source:1"));
  wait(seconds(60));
  EXPECT_EQ(traffic_lines(), 1);
}

TEST_F(RelayReport, EndsWithTheLastRoom) {
  say(join_client(1), ctrl::Disconnect{});
  EXPECT_EQ(relay_.next_deadline(), kNever);
}

class BusyRelay : public RelayTest {
 protected:
  BusyRelay() : RelayTest({.max_waiting = 2}) {}
};

TEST_F(BusyRelay, LetsOnlySoManyWaitAtTheDoor) {
  connect(1);
  connect(2);
  FakeLink& third = connect(3);
  EXPECT_EQ(third.all<ctrl::Reject>().at(0).code, ctrl::RejectCode::relay_full);
  EXPECT_TRUE(third.all<ctrl::Reject>().at(0).retry);
  EXPECT_EQ(closed_with(third), CloseCode::rejected);
}

TEST_F(BusyRelay, DoesNotCountItsMembersAmongThoseWaiting) {
  join_client(1);
  join_client(2);
  EXPECT_EQ(closed_with(connect(3)), std::nullopt);
}

}  // namespace
}  // namespace softlan::relay
