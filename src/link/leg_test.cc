#include "link/leg.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace softlan::link {
namespace {

using std::chrono::milliseconds;

class LegTest : public testing::Test {
 protected:
  FrameRef frame(std::size_t size) {
    FrameRef made = pool_.acquire(size);
    random_.fill(made.mutable_bytes());
    return made;
  }
  // Everything `from` has to send, as datagrams of at most `budget` bytes.
  std::vector<std::vector<std::uint8_t>> drain(Leg& from, std::size_t budget) {
    std::vector<std::vector<std::uint8_t>> datagrams;
    while (const Leg::Outgoing* outgoing = from.next(now_, budget)) {
      EXPECT_LE(outgoing->size(), budget);
      auto& datagram = datagrams.emplace_back(outgoing->header().begin(), outgoing->header().end());
      datagram.insert(datagram.end(), outgoing->body.begin(), outgoing->body.end());
      from.sent();
    }
    return datagrams;
  }

  FramePool pool_{1000};
  SeededRandom random_{1};
  TimePoint now_{milliseconds(1)};
  Leg near_{pool_, {}};
  Leg far_{pool_, {}};
};

TEST_F(LegTest, CarriesAFrameThatFitsInOneDatagram) {
  const FrameRef original = frame(1000);
  near_.push_frame(now_, PeerId{7}, original);
  const auto datagrams = drain(near_, 1168);
  ASSERT_EQ(datagrams.size(), 1u);
  const Leg::Incoming incoming = far_.on_datagram(now_, datagrams[0]);
  ASSERT_TRUE(incoming.ready);
  EXPECT_EQ(incoming.received.sender, PeerId{7});
  EXPECT_TRUE(std::ranges::equal(incoming.received.frame.bytes(), original.bytes()));
}

TEST_F(LegTest, SplitsALargerFrameIntoEqualPartsAndPutsThemTogether) {
  const FrameRef original = frame(1522);
  near_.push_frame(now_, PeerId{7}, original);
  const auto datagrams = drain(near_, 1168);
  ASSERT_EQ(datagrams.size(), 2u);
  EXPECT_EQ(datagrams[0].size(), datagrams[1].size());
  EXPECT_FALSE(far_.on_datagram(now_, datagrams[1]).ready);
  const Leg::Incoming incoming = far_.on_datagram(now_, datagrams[0]);
  ASSERT_TRUE(incoming.ready);
  EXPECT_TRUE(std::ranges::equal(incoming.received.frame.bytes(), original.bytes()));
  EXPECT_EQ(far_.counters().in.frames, 1u);
}

TEST_F(LegTest, CutsTheRestSmallerWhenTheBudgetFallsInMidFrame) {
  const FrameRef original = frame(1500);
  near_.push_frame(now_, PeerId{1}, original);
  const Leg::Outgoing* first = near_.next(now_, 1400);
  std::vector<std::uint8_t> datagram(first->header().begin(), first->header().end());
  datagram.insert(datagram.end(), first->body.begin(), first->body.end());
  near_.sent();
  EXPECT_FALSE(far_.on_datagram(now_, datagram).ready);
  const auto rest = drain(near_, 300);
  Leg::Incoming last;
  for (const auto& part : rest) last = far_.on_datagram(now_, part);
  ASSERT_TRUE(last.ready);
  EXPECT_TRUE(std::ranges::equal(last.received.frame.bytes(), original.bytes()));
}

TEST_F(LegTest, SendsEchoesBeforeFrames) {
  near_.push_frame(now_, PeerId{1}, frame(100));
  near_.push_echo(PeerId{1}, {.target = PeerId{2}, .cookie = 99, .reply = true});
  const auto datagrams = drain(near_, 1168);
  ASSERT_EQ(datagrams.size(), 2u);
  const Leg::Incoming incoming = far_.on_datagram(now_, datagrams[0]);
  ASSERT_TRUE(incoming.ready);
  EXPECT_TRUE(incoming.received.is_echo);
  EXPECT_EQ(incoming.received.echo.cookie, 99u);
  EXPECT_TRUE(incoming.received.echo.reply);
}

TEST_F(LegTest, GivesUpAFrameWhosePartNeverComes) {
  near_.push_frame(now_, PeerId{1}, frame(1522));
  const auto datagrams = drain(near_, 1168);
  EXPECT_FALSE(far_.on_datagram(now_, datagrams[0]).ready);
  EXPECT_NE(far_.next_deadline(), kNever);
  far_.on_deadline(now_ + milliseconds(201));
  EXPECT_EQ(far_.counters().in.dropped(obs::DropReason::reassembly_timeout), 1u);
  EXPECT_FALSE(far_.on_datagram(now_ + milliseconds(202), datagrams[1]).ready);
}

TEST_F(LegTest, CountsWhatWasQueuedWhenNothingLeavesAnyMore) {
  for (int i = 0; i < 3; ++i) near_.push_frame(now_, PeerId{1}, frame(1522));
  ASSERT_NE(near_.next(now_, 1168), nullptr);
  near_.sent();  // a part of the first
  near_.abandon();
  EXPECT_EQ(near_.counters().out.dropped(obs::DropReason::link_down), 3u);
  EXPECT_EQ(near_.next(now_, 1168), nullptr);
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(LegTest, FinishesACutFrameBeforeAnotherOneWhateverIsDropped) {
  Leg cramped(pool_, {.bytes = 4000, .age = milliseconds(50)});
  const FrameRef original = frame(1522);
  cramped.push_frame(now_, PeerId{1}, original);
  const Leg::Outgoing* first = cramped.next(now_, 1168);
  ASSERT_NE(first, nullptr);
  std::vector<std::uint8_t> datagram(first->header().begin(), first->header().end());
  datagram.insert(datagram.end(), first->body.begin(), first->body.end());
  cramped.sent();
  EXPECT_FALSE(far_.on_datagram(now_, datagram).ready);
  for (int i = 0; i < 9; ++i) cramped.push_frame(now_, PeerId{2}, frame(1522));
  const auto rest = drain(cramped, 1168);
  ASSERT_EQ(rest.size(), 5u) << "the first one's end and two frames in two parts";
  const Leg::Incoming incoming = far_.on_datagram(now_, rest[0]);
  ASSERT_TRUE(incoming.ready);
  EXPECT_TRUE(std::ranges::equal(incoming.received.frame.bytes(), original.bytes()));
  EXPECT_EQ(cramped.counters().out.dropped(obs::DropReason::queue_full), 7u);
}

TEST_F(LegTest, CountsFillerUnderItsNameAndNotAsADatagram) {
  const auto filler = proto::encode_header({proto::OverlayKind::filler, 0, kRelayPeer});
  EXPECT_EQ(far_.on_datagram(now_, filler).drop, obs::DropReason::filler);
  EXPECT_EQ(far_.counters().in.dropped(obs::DropReason::filler), 1u);
  EXPECT_EQ(far_.counters().in.datagrams, 0u);
}

TEST_F(LegTest, NamesWhatItCannotRead) {
  const std::uint8_t nonsense[] = {0xff, 0, 0};
  EXPECT_EQ(far_.on_datagram(now_, nonsense).drop, obs::DropReason::malformed_datagram);
  EXPECT_EQ(far_.counters().in.dropped(obs::DropReason::malformed_datagram), 1u);
}

}  // namespace
}  // namespace softlan::link
