// A member with more to send than may leave: the send queue, the shaper and the control stream together.
#include <gtest/gtest.h>

#include <string>

#include "proto/test_frames.h"
#include "quic/test_endpoints.h"

namespace softlan::quic {
namespace {

using namespace test;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kBulkSize = 1400;
constexpr std::size_t kGameSize = 150;

class EndpointQueueTest : public EndpointTest {
 protected:
  link::Link& member_limited_to(std::uint64_t bits_per_second) {
    EndpointConfig config;
    config.uplink_limit = bits_per_second;
    restart_member(config);
    dial();
    run(milliseconds(500));
    EXPECT_EQ(member_owner_.up.size(), 1u);
    return *member_owner_.up.at(0);
  }

  void send(link::Link& link, std::uint16_t port, std::size_t size) {
    const std::size_t payload = size - (14 + 20 + 8);
    link.send_frame(now_, kRelayPeer,
                    pool_.copy(proto::test::ipv4_udp(proto::test::test_mac(2), proto::test::test_mac(1),
                                                     {.source_port = port, .payload = proto::test::pattern(payload)})));
  }

  // Keeps the queue filled for so long, a millisecond at a time.
  void fill(link::Link& link, milliseconds time, int frames_each_ms = 3) {
    for (milliseconds gone{}; gone < time; gone += milliseconds(1)) {
      for (int i = 0; i < frames_each_ms; ++i) send(link, 1000, kBulkSize);
      run(milliseconds(1));
    }
  }

  [[nodiscard]] std::size_t arrived(std::size_t size) const {
    return static_cast<std::size_t>(
        std::ranges::count(relay_owner_.frames, size, [](const auto& one) { return one.frame.size(); }));
  }
};

TEST_F(EndpointQueueTest, KeepsToTheUplinkLimitWithHeadersCounted) {
  link::Link& link = member_limited_to(12'000'000);
  fill(link, milliseconds(200));
  const std::size_t before = arrived(kBulkSize);
  fill(link, seconds(1));
  // 1400 bytes of frame are 1432 to 1436 of payload, and 28 of headers.
  EXPECT_NEAR(static_cast<double>(arrived(kBulkSize) - before), 1'500'000.0 / 1462, 15);
}

TEST_F(EndpointQueueTest, DelaysNothingBelowTheUplinkLimit) {
  link::Link& link = member_limited_to(5'000'000);
  for (std::size_t sent = 1; sent <= 50; ++sent) {
    send(link, 2000, kGameSize);
    run(milliseconds(1));
    EXPECT_EQ(arrived(kGameSize), sent);
    run(milliseconds(14));
  }
}

TEST_F(EndpointQueueTest, PassesAGameThroughAtOnceBesideWhatFillsTheLine) {
  link::Link& link = member_limited_to(12'000'000);
  fill(link, milliseconds(100));
  for (std::size_t sent = 1; sent <= 50; ++sent) {
    send(link, 2000, kGameSize);
    fill(link, milliseconds(3));
    EXPECT_EQ(arrived(kGameSize), sent);
    fill(link, milliseconds(12));
  }
  const auto& drops = link.counters().out;
  EXPECT_GT(drops.dropped(obs::DropReason::queue_late) + drops.dropped(obs::DropReason::queue_standing), 0u);
}

TEST_F(EndpointQueueTest, NeverStarvesTheControlStream) {
  link::Link& link = member_limited_to(12'000'000);
  fill(link, milliseconds(100));
  const std::string text(2000, 'x');
  ASSERT_TRUE(link.send_control(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())));
  fill(link, milliseconds(3));
  EXPECT_EQ(relay_owner_.control, text);
}

// A path within a building, of 100 us both ways.
class EndpointNearbyTest : public EndpointQueueTest {
 protected:
  EndpointNearbyTest() : link_(member_limited_to(0)) {}

  void there_and_back() {
    now_ += microseconds(50);
    member_->flush(now_);
    carry(now_, member_wire_, relay_.get());
    now_ += microseconds(50);
    relay_->flush(now_);
    carry(now_, relay_wire_, member_.get());
  }
  void send_many() {
    for (int i = 0; i < 300; ++i) send(link_, 1000, kBulkSize);
    member_->flush(now_);
  }
  // Until as much is on the way as ever will be.
  void copy() {
    for (int i = 0; i < 20; ++i) {
      send_many();
      there_and_back();
    }
    send_many();
  }
  [[nodiscard]] std::size_t bytes_on_the_wire() const {
    std::size_t bytes = 0;
    for (const Wire::Sent& packet : member_wire_.packets) bytes += packet.data.size();
    return bytes;
  }

  link::Link& link_;
};

TEST_F(EndpointNearbyTest, HasNoMoreOfACopyOnTheWayThanTheFastestPathCarries) {
  copy();
  EXPECT_GT(bytes_on_the_wire(), 150'000u);
  EXPECT_LE(bytes_on_the_wire(), 160'000u + 1472);
}

TEST_F(EndpointNearbyTest, SendsAGameAtOnceBesideIt) {
  copy();
  const std::size_t packets = member_wire_.packets.size();
  send(link_, 2000, kGameSize);
  member_->flush(now_);
  EXPECT_EQ(member_wire_.packets.size(), packets + 1);
}

// Frames from the member to the relay, whose answers stay on the wire.
class EndpointAnswerTest : public EndpointQueueTest {
 protected:
  EndpointAnswerTest() : link_(member_limited_to(0)) { run(seconds(2)); }

  // In a packet each; then it is the relay's turn.
  void receive(int frames) {
    for (int i = 0; i < frames; ++i) {
      send(link_, 2000, kGameSize);
      member_->flush(now_);
    }
    carry(now_, member_wire_, relay_.get());
    relay_->flush(now_);
  }
  // Of the relay, which is so busy in the other direction.
  void answer() {
    send(*relay_owner_.up.at(0), 2000, kGameSize);
    relay_->flush(now_);
  }

  // What the relay writes from now on.
  std::size_t relay_writes_in(Duration time) {
    now_ += time;
    if (relay_->next_deadline() <= now_) relay_->on_deadline(now_);
    relay_->flush(now_);
    return relay_wire_.packets.size();
  }

 private:
  link::Link& link_;
};

TEST_F(EndpointAnswerTest, CarriesTheAcknowledgementWhenItComesSoon) {
  receive(1);
  EXPECT_EQ(relay_writes_in(milliseconds(1)), 0u);
  send(*relay_owner_.up.at(0), 2000, kGameSize);
  EXPECT_EQ(relay_writes_in({}), 1u);
  relay_wire_.packets.clear();
  EXPECT_EQ(relay_writes_in(milliseconds(3)), 0u);
}

TEST_F(EndpointAnswerTest, IsNotWaitedForLongerThanTwoMilliseconds) {
  receive(1);
  EXPECT_EQ(relay_writes_in(milliseconds(2)), 1u);
}

TEST_F(EndpointAnswerTest, IsNotWaitedForWhenMuchHasComeAndNothingGoesTheOtherWay) {
  receive(2);
  EXPECT_EQ(relay_wire_.packets.size(), 1u);
}

TEST_F(EndpointAnswerTest, CarriesTheAcknowledgementOfManyPacketsWhereFramesGoOften) {
  answer();
  relay_wire_.packets.clear();
  receive(50);
  EXPECT_EQ(relay_writes_in(microseconds(300)), 0u);
  answer();
  EXPECT_EQ(relay_wire_.packets.size(), 1u);
  relay_wire_.packets.clear();
  EXPECT_EQ(relay_writes_in(milliseconds(3)), 0u);
}

TEST_F(EndpointAnswerTest, IsNotWaitedForByManyPacketsLongerThanTwoMillisecondsEither) {
  answer();
  relay_wire_.packets.clear();
  receive(50);
  EXPECT_EQ(relay_writes_in(milliseconds(2)), 1u);
}

TEST_F(EndpointAnswerTest, IsNotWaitedForByMorePacketsThanAWindowHolds) {
  answer();
  relay_wire_.packets.clear();
  receive(64);
  EXPECT_EQ(relay_wire_.packets.size(), 1u);
}

TEST_F(EndpointQueueTest, SaysGoodbyeAtOnceWhateverWaits) {
  link::Link& link = member_limited_to(1'000'000);
  fill(link, milliseconds(100));
  link.close(link::CloseCode::leave, "enough");
  run(milliseconds(50));
  EXPECT_EQ(relay_owner_.ends.size(), 1u);
  EXPECT_EQ(member_->connections(), 0u);
  EXPECT_EQ(member_->next_deadline(), kNever);
}

TEST_F(EndpointQueueTest, EvensOutThePacketsOfABacklogSoThatTheyGoAsOneMessage) {
  link::Link& link = member_limited_to(0);
  run(seconds(3));  // until the path has been probed
  const auto lengths_of = [&](std::initializer_list<std::size_t> sizes) {
    for (const std::size_t size : sizes) send(link, 1000, size);
    member_->flush(now_);
    std::vector<std::size_t> lengths;
    for (const Wire::Sent& packet : member_wire_.packets) lengths.push_back(packet.data.size());
    run(milliseconds(10));
    return lengths;
  };

  const auto uneven = lengths_of({1350, 1300, 1280, 1330, 1310});
  ASSERT_EQ(uneven.size(), 5u);
  EXPECT_EQ(std::vector(4, uneven[0]), std::vector(uneven.begin(), uneven.end() - 1));
  EXPECT_LT(uneven[4], uneven[0]) << "nothing follows, so nothing is added";

  const auto far_apart = lengths_of({1350, 900, 1350});
  ASSERT_EQ(far_apart.size(), 3u);
  EXPECT_LT(far_apart[1], 1000u) << "so much filler would cost the line more than it saves";

  EXPECT_EQ(relay_owner_.frames.size(), 8u);
  EXPECT_EQ(relay_owner_.bad.size(), 0u);
}

}  // namespace
}  // namespace softlan::quic
