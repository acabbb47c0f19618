#include "egress/send_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "proto/test_frames.h"

namespace softlan::egress {
namespace {

using obs::DropReason;
using proto::test::test_mac;
using std::chrono::milliseconds;

constexpr std::size_t kHeaders = 14 + 20 + 8;

class SendQueueTest : public testing::Test {
 protected:
  // Of one UDP flow, told by its port; the sender's number tells the frame.
  void push(SendQueue& queue, int ms, std::uint16_t port, std::uint16_t number, std::size_t size = 1000) {
    queue.push(
        at(ms), PeerId{number},
        pool_.copy(proto::test::ipv4_udp(
            test_mac(2), test_mac(1),
            {.source_port = port, .destination_port = 27015, .payload = proto::test::pattern(size - kHeaders)})));
  }
  void push(int ms, std::uint16_t port, std::uint16_t number, std::size_t size = 1000) {
    push(queue_, ms, port, number, size);
  }
  static TimePoint at(int ms) { return TimePoint(milliseconds(ms)); }
  // Numbers of the next frames to leave at this time, at most `most`.
  static std::vector<int> leave(SendQueue& queue, int ms, std::size_t most = SIZE_MAX) {
    std::vector<int> numbers;
    while (numbers.size() < most) {
      const SendQueue::Entry* entry = queue.front(at(ms));
      if (!entry) break;
      numbers.push_back(to_number(entry->sender));
      EXPECT_TRUE(queue.sent(entry->frame.size() - entry->sent));
    }
    return numbers;
  }
  std::vector<int> leave(int ms, std::size_t most = SIZE_MAX) { return leave(queue_, ms, most); }
  [[nodiscard]] std::uint64_t dropped(DropReason reason) const { return counters_.dropped(reason); }

  FramePool pool_{20000};
  obs::DirectionCounters counters_;
  SendQueue queue_{{.bytes = 1 << 20, .age = milliseconds(50)}, 7, counters_};
  SendQueue small_{{.bytes = 5000, .age = milliseconds(50)}, 7, counters_};
};

TEST_F(SendQueueTest, GivesTheFramesOfAFlowInOrder) {
  for (std::uint16_t i = 1; i <= 9; ++i) push(i, 1000, i, 100U * i);
  EXPECT_EQ(leave(10), (std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.bytes(), 0u);
  EXPECT_EQ(queue_.front(at(10)), nullptr);
}

TEST_F(SendQueueTest, LetsAFlowThatSendsLittleGoAheadOfABacklog) {
  for (std::uint16_t i = 1; i <= 50; ++i) push(0, 1000, i);
  EXPECT_EQ(leave(1, 3).size(), 3u);
  push(1, 2000, 999, 120);
  EXPECT_EQ(leave(1, 1), std::vector{999});
}

TEST_F(SendQueueTest, GivesAFlowAPlaceOfItsOwn) {
  for (std::uint64_t salt = 0; salt < 300; ++salt) {
    SendQueue queue({.bytes = 1 << 20, .age = milliseconds(50)}, salt, counters_);
    for (int frame = 0; frame < 4; ++frame) {
      for (std::uint16_t port = 1; port <= 8; ++port) push(queue, 0, port, port);
    }
    EXPECT_EQ(leave(queue, 1, 16).size(), 16u);  // two of each: all of them have had their first turn
    push(queue, 1, 2000, 999, 120);
    EXPECT_EQ(leave(queue, 1, 1), std::vector{999}) << salt;
  }
}

TEST_F(SendQueueTest, GivesNewFlowsAloneWhenOnlyTheyMayLeave) {
  for (std::uint16_t i = 1; i <= 9; ++i) push(0, 1000, i);
  (void)leave(1, 3);
  EXPECT_EQ(queue_.front(at(1), Turn::new_flows), nullptr);
  push(1, 2000, 999, 120);
  const SendQueue::Entry* entry = queue_.front(at(1), Turn::new_flows);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->sender, PeerId{999});
  EXPECT_TRUE(queue_.sent(entry->frame.size()));
  EXPECT_EQ(queue_.front(at(1), Turn::new_flows), nullptr);
  EXPECT_EQ(leave(1).size(), 6u);
}

TEST_F(SendQueueTest, SharesTheLineEvenlyBetweenBacklogs) {
  for (std::uint16_t i = 0; i < 30; ++i) {
    push(0, 1000, 1, 1500);
    for (int k = 0; k < 10; ++k) push(0, 2000, 2, 150);
  }
  const std::vector<int> first = leave(1, 110);  // about 30 kB
  const auto large = static_cast<double>(std::ranges::count(first, 1)) * 1500;
  const auto small = static_cast<double>(std::ranges::count(first, 2)) * 150;
  EXPECT_NEAR(large / small, 1, 0.25);
}

TEST_F(SendQueueTest, GivesNoFlowPrecedenceForBeingEmptyAgainAndAgain) {
  for (std::uint16_t i = 1; i <= 20; ++i) push(0, 1000, 1);
  (void)leave(0, 2);  // which makes it an old flow
  std::vector<int> order;
  for (int turn = 0; turn < 8; ++turn) {  // another one that always has exactly one large frame
    push(0, 2000, 2, 1522);
    const std::vector<int> next = leave(0, 2);
    order.insert(order.end(), next.begin(), next.end());
  }
  EXPECT_GE(std::ranges::count(order, 1), 7);
}

TEST_F(SendQueueTest, KeepsTheFragmentsOfAPacketInOrder) {
  const auto fragment = [&](std::uint16_t number, std::size_t offset, bool more) {
    queue_.push(
        at(0), PeerId{number},
        pool_.copy(proto::test::ipv4(
            test_mac(2), test_mac(1),
            {.id = 5, .more_fragments = more, .fragment_offset = offset, .payload = proto::test::pattern(1480)})));
  };
  for (std::uint16_t i = 1; i <= 20; ++i) push(0, 1000, 100);
  for (std::uint16_t i = 1; i <= 4; ++i) fragment(i, (i - 1U) * 1480U, i < 4);
  std::vector<int> order = leave(1);
  std::erase(order, 100);
  EXPECT_EQ(order, (std::vector{1, 2, 3, 4}));
}

TEST_F(SendQueueTest, DropsTheOldestOfTheFattestFlowWhenItsBytesAreExceeded) {
  push(small_, 0, 2000, 9, 500);
  for (std::uint16_t i = 1; i <= 6; ++i) push(small_, 1, 1000, i);
  EXPECT_EQ(dropped(DropReason::queue_full), 2u);
  EXPECT_EQ(small_.bytes(), 4500u);
  std::vector<int> left = leave(small_, 2);
  EXPECT_EQ(std::ranges::count(left, 9), 1);
  std::erase(left, 9);
  EXPECT_EQ(left, (std::vector{3, 4, 5, 6}));
}

TEST_F(SendQueueTest, DropsWhatHasWaitedTooLong) {
  push(0, 1000, 1);
  push(30, 1000, 2);
  push(51, 1000, 3);
  EXPECT_EQ(leave(51), (std::vector{2, 3}));
  EXPECT_EQ(dropped(DropReason::queue_late), 1u);
}

TEST_F(SendQueueTest, SignalsAFlowWhoseQueueStands) {
  std::uint16_t number = 0;
  for (int ms = 0; ms < 300; ++ms) {  // one frame comes each millisecond, one leaves, twenty wait
    push(ms, 1000, ++number);
    if (ms >= 20) (void)leave(ms, 1);
  }
  EXPECT_GT(dropped(DropReason::queue_standing), 0u);
  EXPECT_LT(dropped(DropReason::queue_standing), 20u);
  EXPECT_EQ(dropped(DropReason::queue_late), 0u);
}

TEST_F(SendQueueTest, DoesNotSignalAFlowThatSendsLittleBesideOneThatFillsTheLine) {
  for (int ms = 0; ms < 500; ++ms) {
    for (int i = 0; i < 3; ++i) push(ms, 1000, 1, 1500);
    const bool plays = ms % 15 == 14;
    if (plays) push(ms, 2000, 2, 120);
    EXPECT_EQ(std::ranges::count(leave(ms, 2), 2), plays ? 1 : 0) << ms;
  }
  EXPECT_EQ(dropped(DropReason::queue_full), 0u);
}

TEST_F(SendQueueTest, FinishesAFrameOfWhichAPartHasLeft) {
  push(small_, 0, 1000, 1);
  ASSERT_NE(small_.front(at(0)), nullptr);
  EXPECT_FALSE(small_.sent(400));
  for (std::uint16_t i = 2; i <= 9; ++i) push(small_, 1, 2000, i);  // more than it holds
  const SendQueue::Entry* rest = small_.front(at(500));             // and later than it may
  ASSERT_NE(rest, nullptr);
  EXPECT_EQ(rest->sender, PeerId{1});
  EXPECT_EQ(rest->sent, 400);
  EXPECT_TRUE(small_.sent(600));
}

TEST_F(SendQueueTest, IsClearedUnderOneReason) {
  push(0, 1000, 1);
  push(0, 1000, 2);
  push(0, 2000, 3);
  ASSERT_NE(queue_.front(at(0)), nullptr);
  EXPECT_FALSE(queue_.sent(10));
  queue_.clear(DropReason::link_down);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.bytes(), 0u);
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_EQ(dropped(DropReason::link_down), 3u);
  push(1, 1000, 4);
  EXPECT_EQ(leave(1), std::vector{4});
}

TEST_F(SendQueueTest, KnowsSinceWhenItsOldestFrameWaits) {
  EXPECT_EQ(queue_.oldest(), kNever);
  push(3, 1000, 1);
  push(5, 2000, 2);
  EXPECT_EQ(queue_.oldest(), at(3));
  (void)leave(5, 1);
  EXPECT_EQ(queue_.oldest(), at(5));
}

TEST_F(SendQueueTest, KeepsTheOrderOfEveryFlowWhateverHappens) {
  SendQueue queue({.bytes = 60000, .age = milliseconds(50)}, 11, counters_);
  std::vector<std::uint16_t> next(40, 1);
  std::vector<int> last(40, 0);
  std::uint64_t pushed = 0;
  std::uint64_t left = 0;
  for (int ms = 0; ms < 2000; ++ms) {
    for (std::uint16_t flow = static_cast<std::uint16_t>(ms % 7); flow < 40; flow += 7, ++pushed) {
      const auto sender = static_cast<std::uint16_t>(flow * 1000U + next[flow]++ % 1000U);
      push(queue, ms, static_cast<std::uint16_t>(1000 + flow), sender, 60 + (ms * 37U + flow * 101U) % 1460U);
    }
    for (const int sender : leave(queue, ms, 4)) {
      const auto flow = static_cast<std::size_t>(sender / 1000);
      const int number = sender % 1000;
      EXPECT_TRUE(number > last[flow] || last[flow] - number > 500) << "flow " << flow;
      last[flow] = number;
      ++left;
    }
  }
  left += leave(queue, 2000).size();
  EXPECT_EQ(pushed, left + counters_.dropped_total());
  EXPECT_EQ(pool_.in_use(), 0u);
}

}  // namespace
}  // namespace softlan::egress
