// A relay's endpoint among many handshakes, honest ones and others.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "quic/test_endpoints.h"

namespace softlan::quic {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ACrowdAtTheDoor : public EndpointTest {
 protected:
  static constexpr std::size_t kThreshold = 8;
  static constexpr std::size_t kHalfOpen = 20;

  ACrowdAtTheDoor() {
    EndpointConfig config;
    config.retry_threshold = kThreshold;
    config.max_half_open = kHalfOpen;
    config.max_connections = 2;
    restart_relay(config);
  }

  // The first packet of somebody's handshake.
  Wire::Sent initial_from(const SocketAddress& from) {
    Wire wire;
    Endpoint stranger(EndpointConfig{}, *member_tls_, pool_, random_, member_owner_, wire);
    stranger.dial(now_, {from, address(1, 443)}, kName, room_hash("ROOM1"));
    stranger.flush(now_);
    return wire.packets.at(0);
  }

  void give(const Wire::Sent& sent) {
    const ReceivedPacket packet{sent.data, {sent.path.remote, sent.path.local}, 0};
    relay_->on_packets(now_, {&packet, 1});
    relay_->flush(now_);
  }

  void begin_and_never_finish(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) give(initial_from(address(9, static_cast<std::uint16_t>(1000 + i))));
  }

  // What the relay answers to `sent`, at once.
  std::vector<Wire::Sent> answer_to(const Wire::Sent& sent) {
    relay_wire_.packets.clear();
    give(sent);
    return {relay_wire_.packets.begin(), relay_wire_.packets.end()};
  }

  // A stranger that has been answered with a Retry, and its second Initial.
  Wire::Sent initial_with_token(const SocketAddress& from) {
    Wire wire;
    Endpoint stranger(EndpointConfig{}, *member_tls_, pool_, random_, member_owner_, wire);
    stranger.dial(now_, {from, address(1, 443)}, kName, room_hash("ROOM1"));
    stranger.flush(now_);
    const std::vector<Wire::Sent> retry = answer_to(wire.packets.at(0));
    wire.packets.clear();
    const ReceivedPacket packet{retry.at(0).data, {from, address(1, 443)}, 0};
    stranger.on_packets(now_, {&packet, 1});
    stranger.flush(now_);
    return wire.packets.at(0);
  }

  void step(int turns = 1) {
    for (int i = 0; i < turns; ++i) {
      now_ += milliseconds(1);
      if (relay_->next_deadline() <= now_) relay_->on_deadline(now_);
      relay_->flush(now_);
    }
  }
};

TEST_F(ACrowdAtTheDoor, IsReadOneATurnBehindTheFrames) {
  begin_and_never_finish(3);
  EXPECT_EQ(relay_->half_open(), 0u);
  EXPECT_GT(relay_->next_deadline(), now_);
  step();
  EXPECT_EQ(relay_->half_open(), 1u);
  step(2);
  EXPECT_EQ(relay_->half_open(), 3u);
}

TEST_F(ACrowdAtTheDoor, HasToAnswerARetryWhenItGrows) {
  begin_and_never_finish(3 * kThreshold);
  step(50);
  EXPECT_EQ(relay_->half_open(), kThreshold);
  EXPECT_EQ(relay_->counters().retries, 2 * kThreshold);
}

TEST_F(ACrowdAtTheDoor, DoesNotKeepAMemberOut) {
  begin_and_never_finish(kThreshold);
  dial();
  run(milliseconds(100));
  EXPECT_EQ(relay_->counters().retries, 1u);
  ASSERT_EQ(relay_owner_.up.size(), 1u);
  ASSERT_EQ(member_owner_.up.size(), 1u);
  member_owner_.up[0]->send_frame(now_, kRelayPeer, frame(1000));
  run(milliseconds(20));
  EXPECT_EQ(relay_owner_.frames.size(), 1u);
}

TEST_F(ACrowdAtTheDoor, IsForgottenAfterItsTime) {
  begin_and_never_finish(kThreshold);
  step(6000);
  EXPECT_EQ(relay_->half_open(), 0u);
  EXPECT_EQ(relay_->connections(), 0u);
  EXPECT_EQ(relay_->counters().failed_handshakes, kThreshold);
  EXPECT_EQ(answer_to(initial_from(address(2, 2000))).size(), 0u);
}

TEST_F(ACrowdAtTheDoor, GetsLessThanItSent) {
  begin_and_never_finish(kThreshold);
  const Wire::Sent initial = initial_from(address(9, 9000));
  const std::vector<Wire::Sent> answers = answer_to(initial);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_LT(answers[0].data.size(), 200u);
  EXPECT_EQ(answers[0].path.remote, address(9, 9000));
}

TEST_F(ACrowdAtTheDoor, OfProvedAddressesLosesItsOldestToTheNext) {
  begin_and_never_finish(kThreshold);
  step(20);
  for (std::size_t i = 0; i < kHalfOpen; ++i) {
    give(initial_with_token(address(8, static_cast<std::uint16_t>(1000 + i))));
    step();
    EXPECT_LE(relay_->half_open(), kHalfOpen);
  }
  EXPECT_EQ(relay_->half_open(), kHalfOpen);
  EXPECT_EQ(relay_->connections(), kHalfOpen);
  EXPECT_EQ(relay_->counters().failed_handshakes, kThreshold);
  dial();
  run(milliseconds(100));
  EXPECT_EQ(relay_owner_.up.size(), 1u);
}

TEST_F(ACrowdAtTheDoor, TakesNoPlaceOfThoseWhoAreIn) {
  dial();
  run(milliseconds(50));
  begin_and_never_finish(kThreshold);
  step(20);
  EXPECT_EQ(relay_->half_open(), kThreshold);
  use_trust({.ca = *certificate_to_der(certificate_.certificate_pem)});
  dial();
  run(milliseconds(100));
  EXPECT_EQ(relay_owner_.up.size(), 2u);
}

TEST_F(ACrowdAtTheDoor, WaitsInBoundedMemory) {
  begin_and_never_finish(kThreshold);
  step(20);
  const Wire::Sent initial = initial_with_token(address(8, 1000));
  for (std::size_t i = 0; i < Endpoint::kMaxWaiting + 10; ++i) give(initial);
  EXPECT_GE(relay_->counters().handshakes_delayed, 10u);
  step(300);
  EXPECT_EQ(relay_->half_open(), kThreshold + 1);
}

TEST_F(ACrowdAtTheDoor, IsNotLetInWithTheTokenOfAnotherAddress) {
  begin_and_never_finish(kThreshold);
  Wire::Sent initial = initial_with_token(address(8, 1000));
  initial.path.local = address(7, 1000);
  EXPECT_EQ(answer_to(initial).size(), 0u);
  EXPECT_EQ(relay_->counters().bad_tokens, 1u);
  step(20);
  EXPECT_EQ(relay_->half_open(), kThreshold);
}

TEST_F(ACrowdAtTheDoor, IsNotLetInWithAnOldToken) {
  begin_and_never_finish(kThreshold);
  const Wire::Sent initial = initial_with_token(address(8, 1000));
  now_ += Retry::kTokenLife;
  give(initial);
  EXPECT_EQ(relay_->counters().bad_tokens, 1u);
}

TEST_F(ACrowdAtTheDoor, IsNotLetInWithTheTokenOfAnEarlierRun) {
  begin_and_never_finish(kThreshold);
  const Wire::Sent initial = initial_with_token(address(8, 1000));
  restart_relay();
  give(initial);
  step(5);
  EXPECT_EQ(relay_->counters().bad_tokens, 1u);
  EXPECT_EQ(relay_->connections(), 0u);
}

TEST_F(ACrowdAtTheDoor, KeepsTheRoomInTheIdThatARetryGives) {
  begin_and_never_finish(kThreshold);
  const Wire::Sent initial = initial_with_token(address(8, 1000));
  constexpr std::size_t kFirstIdByte = 6;  // flags, version, length
  EXPECT_EQ(initial.data[kFirstIdByte - 1], kInitialIdSize);
  EXPECT_EQ(load_be16(&initial.data[kFirstIdByte]), room_hash("ROOM1"));
}

TEST_F(ACrowdAtTheDoor, IsToldOurVersionNoMoreOftenThanItIsWorth) {
  std::vector<std::uint8_t> packet(1200, 0);
  packet[0] = 0xc0;
  store_be32(&packet[1], 0x1a2a3a4a);
  packet[5] = packet[14] = 8;
  for (int i = 0; i < 1000; ++i) give({packet, {address(9, 9), address(1, 443)}});
  EXPECT_EQ(relay_->counters().version_negotiations, 200u);
}

}  // namespace
}  // namespace softlan::quic
