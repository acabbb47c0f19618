#include "egress/send_queue.h"

#include <gtest/gtest.h>

namespace softlan::egress {
namespace {

using std::chrono::milliseconds;

class SendQueueTest : public testing::Test {
 protected:
  FrameRef frame(std::size_t size) { return pool_.acquire(size); }
  TimePoint at(int ms) { return TimePoint(milliseconds(ms)); }

  FramePool pool_{1000};
  obs::DirectionCounters counters_;
  SendQueue queue_{{.bytes = 3000, .age = milliseconds(50)}, counters_};
};

TEST_F(SendQueueTest, GivesFramesInOrderWithTheirSender) {
  queue_.push(at(0), PeerId{3}, frame(100));
  queue_.push(at(0), PeerId{4}, frame(200));
  ASSERT_NE(queue_.front(at(1)), nullptr);
  EXPECT_EQ(queue_.front(at(1))->sender, PeerId{3});
  queue_.pop();
  EXPECT_EQ(queue_.front(at(1))->sender, PeerId{4});
  queue_.pop();
  EXPECT_EQ(queue_.front(at(1)), nullptr);
  EXPECT_EQ(queue_.bytes(), 0u);
}

TEST_F(SendQueueTest, DropsTheOldestWhenItsBytesAreExceeded) {
  for (std::uint16_t sender = 1; sender <= 4; ++sender) queue_.push(at(0), PeerId{sender}, frame(1000));
  EXPECT_EQ(queue_.bytes(), 3000u);
  EXPECT_EQ(queue_.front(at(0))->sender, PeerId{2});
  EXPECT_EQ(counters_.dropped(obs::DropReason::queue_full), 1u);
}

TEST_F(SendQueueTest, DropsWhatHasWaitedTooLong) {
  queue_.push(at(0), PeerId{1}, frame(100));
  queue_.push(at(30), PeerId{2}, frame(100));
  EXPECT_EQ(queue_.front(at(50))->sender, PeerId{1});
  EXPECT_EQ(queue_.front(at(51))->sender, PeerId{2});
  EXPECT_EQ(counters_.dropped(obs::DropReason::queue_late), 1u);
}

TEST_F(SendQueueTest, FinishesAFrameThatIsHalfSentHoweverLateItIs) {
  queue_.push(at(0), PeerId{1}, frame(100));
  queue_.front(at(1))->sent = 50;
  EXPECT_NE(queue_.front(at(500)), nullptr);
}

TEST_F(SendQueueTest, IsClearedUnderOneReason) {
  queue_.push(at(0), PeerId{1}, frame(100));
  queue_.push(at(0), PeerId{2}, frame(100));
  queue_.clear(obs::DropReason::link_down);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.bytes(), 0u);
  EXPECT_EQ(counters_.dropped(obs::DropReason::link_down), 2u);
}

TEST_F(SendQueueTest, KnowsSinceWhenItsOldestFrameWaits) {
  EXPECT_EQ(queue_.oldest(), kNever);
  queue_.push(at(3), PeerId{3}, frame(100));
  queue_.push(at(5), PeerId{3}, frame(100));
  EXPECT_EQ(queue_.oldest(), at(3));
  queue_.pop();
  EXPECT_EQ(queue_.oldest(), at(5));
}

}  // namespace
}  // namespace softlan::egress
