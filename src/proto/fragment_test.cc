#include "proto/fragment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using std::chrono::milliseconds;
using test::Frame;
using test::pattern;

constexpr TimePoint kStart{};
constexpr PeerId kAnna{1};
constexpr PeerId kBert{2};

struct Part {
  FragmentHeader header;
  Frame bytes;
};

// `frame` cut as a sender would whose budget is the next of `budgets` for each part, and then the last.
std::vector<Part> cut(const Frame& frame, std::vector<std::size_t> budgets, std::uint16_t frame_id = 1) {
  std::vector<Part> parts;
  for (std::size_t offset = 0; offset < frame.size();) {
    const std::size_t budget = budgets[std::min(parts.size(), budgets.size() - 1)];
    const std::size_t size = next_part_size(frame.size() - offset, budget);
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(offset);
    parts.push_back({{frame_id, static_cast<std::uint16_t>(offset), static_cast<std::uint16_t>(frame.size())},
                     Frame(begin, begin + static_cast<std::ptrdiff_t>(size))});
    offset += size;
  }
  return parts;
}

class ReassemblerTest : public ::testing::Test {
 protected:
  Reassembler::Result add(const Part& part, TimePoint now = kStart, PeerId sender = kAnna) {
    return reassembler.add(now, sender, part.header, part.bytes);
  }
  FragmentOutcome outcome(const FragmentHeader& header, std::size_t size, TimePoint now = kStart) {
    return reassembler.add(now, kAnna, header, pattern(size)).outcome;
  }
  void expect_complete(const Reassembler::Result& result, const Frame& frame) {
    ASSERT_EQ(result.outcome, FragmentOutcome::complete);
    ASSERT_TRUE(result.frame);
    EXPECT_TRUE(std::ranges::equal(result.frame.bytes(), frame));
  }

  FramePool pool{100};
  Reassembler reassembler{pool};
};

TEST(NextPartSize, CutsIntoEqualPartsRoundedUp) {
  EXPECT_EQ(next_part_size(1514, 1442), 757U);
  EXPECT_EQ(next_part_size(1515, 1442), 758U);
  EXPECT_EQ(next_part_size(1500, 510), 500U);
  EXPECT_EQ(next_part_size(1501, 510), 376U);
  EXPECT_EQ(next_part_size(500, 510), 500U);
  EXPECT_EQ(next_part_size(1, 11), 1U);
}

TEST(NextPartSize, IsZeroWhenNoByteFits) {
  EXPECT_EQ(next_part_size(1514, kFragmentHeaderSize), 0U);
  EXPECT_EQ(next_part_size(1514, 0), 0U);
  EXPECT_EQ(next_part_size(0, 1200), 0U);
}

TEST(NextPartSize, NeverExceedsTheBudgetAndKeepsPartsWithinOneByteOfEachOther) {
  for (std::size_t budget = 210; budget < 1600; ++budget) {
    const auto parts = cut(pattern(kMaxFrameSize), {budget});
    const std::size_t largest = parts.front().bytes.size();
    EXPECT_LE(largest + kFragmentHeaderSize, budget);
    EXPECT_LE(largest - parts.back().bytes.size(), 1U);
  }
}

TEST_F(ReassemblerTest, PutsTwoPartsTogether) {
  const Frame frame = pattern(1514);
  const auto parts = cut(frame, {1200});
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(add(parts[0]).outcome, FragmentOutcome::waiting);
  const auto result = add(parts[1]);
  EXPECT_EQ(result.sender, kAnna);
  expect_complete(result, frame);
  EXPECT_EQ(reassembler.next_deadline(), kNever);
}

TEST_F(ReassemblerTest, TakesASinglePartThatIsTheWholeFrame) {
  const Frame frame = pattern(60);
  expect_complete(add({{5, 0, 60}, frame}), frame);
}

TEST_F(ReassemblerTest, TakesPartsInEveryOrder) {
  const Frame frame = pattern(1522);
  auto parts = cut(frame, {400});
  ASSERT_EQ(parts.size(), 4U);
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(add(parts[order[i]]).outcome, FragmentOutcome::waiting);
    expect_complete(add(parts[order[3]]), frame);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(reassembler.expire(kStart), 0U);
}

TEST_F(ReassemblerTest, DoesNotMindABudgetThatFallsInMidFrame) {
  const Frame frame = pattern(1514);
  const auto parts = cut(frame, {1442, 300, 250});
  ASSERT_GT(parts.size(), 3U);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) EXPECT_EQ(add(parts[i]).outcome, FragmentOutcome::waiting);
  expect_complete(add(parts.back()), frame);
}

TEST_F(ReassemblerTest, KeepsSendersAndFramesApart) {
  const Frame first = pattern(1000);
  const Frame second(1000, 0x55);
  const auto a = cut(first, {600}, 1);
  const auto b = cut(second, {600}, 1);
  const auto c = cut(second, {600}, 2);
  EXPECT_EQ(add(a[0], kStart, kAnna).outcome, FragmentOutcome::waiting);
  EXPECT_EQ(add(b[0], kStart, kBert).outcome, FragmentOutcome::waiting);
  EXPECT_EQ(add(c[0], kStart, kAnna).outcome, FragmentOutcome::waiting);
  expect_complete(add(b[1], kStart, kBert), second);
  expect_complete(add(a[1], kStart, kAnna), first);
  expect_complete(add(c[1], kStart, kAnna), second);
}

TEST_F(ReassemblerTest, CallsBytesItHasADuplicate) {
  EXPECT_EQ(outcome({1, 0, 1000}, 300), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 0, 1000}, 300), FragmentOutcome::duplicate);
  EXPECT_EQ(outcome({1, 100, 1000}, 100), FragmentOutcome::duplicate);  // inside one part
  EXPECT_EQ(outcome({1, 300, 1000}, 300), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 200, 1000}, 300), FragmentOutcome::duplicate);  // across two
  EXPECT_EQ(outcome({1, 600, 1000}, 400), FragmentOutcome::complete);
}

TEST_F(ReassemblerTest, GivesUpAFrameWhosePartsOverlapPartly) {
  EXPECT_EQ(outcome({1, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 499, 1000}, 501), FragmentOutcome::malformed);
  EXPECT_EQ(pool.in_use(), 0U);
  EXPECT_EQ(outcome({1, 500, 1000}, 500), FragmentOutcome::waiting);
}

TEST_F(ReassemblerTest, GivesUpAFrameWhosePartsDisagreeAboutItsSize) {
  EXPECT_EQ(outcome({1, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 500, 1001}, 501), FragmentOutcome::malformed);
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST_F(ReassemblerTest, GivesUpAFrameOfTooManyParts) {
  for (std::uint16_t i = 0; i < Reassembler::kMaxParts; ++i)
    EXPECT_EQ(outcome({1, static_cast<std::uint16_t>(i * 10), 1000}, 10), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 80, 1000}, 10), FragmentOutcome::malformed);
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST_F(ReassemblerTest, RefusesAPartOutsideItsFrameAndKeepsTheFrame) {
  EXPECT_EQ(outcome({1, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 501, 1000}, 500), FragmentOutcome::malformed);
  EXPECT_EQ(outcome({1, 500, 1000}, 0), FragmentOutcome::malformed);
  EXPECT_EQ(outcome({2, 0, 13}, 13), FragmentOutcome::malformed);
  EXPECT_EQ(outcome({3, 0, 1523}, 500), FragmentOutcome::malformed);
  EXPECT_EQ(outcome({1, 500, 1000}, 500), FragmentOutcome::complete);
}

TEST_F(ReassemblerTest, GivesUpTheOldestWhenFullAndCountsIt) {
  for (std::uint16_t id = 0; id < Reassembler::kMaxFrames; ++id)
    EXPECT_EQ(outcome({id, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1000, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(pool.in_use(), Reassembler::kMaxFrames);
  EXPECT_EQ(outcome({1, 500, 1000}, 500), FragmentOutcome::complete);  // the second oldest is still here
  EXPECT_EQ(outcome({0, 500, 1000}, 500), FragmentOutcome::waiting);   // the oldest is not
  EXPECT_EQ(reassembler.expire(kStart), 1U);
  EXPECT_EQ(reassembler.expire(kStart), 0U);
}

TEST_F(ReassemblerTest, GivesUpFramesAfterTheTimeout) {
  EXPECT_EQ(reassembler.next_deadline(), kNever);
  EXPECT_EQ(outcome({1, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({2, 0, 1000}, 500, kStart + milliseconds(50)), FragmentOutcome::waiting);
  EXPECT_EQ(reassembler.next_deadline(), kStart + Reassembler::kTimeout);
  EXPECT_EQ(reassembler.expire(kStart + milliseconds(199)), 0U);
  EXPECT_EQ(reassembler.expire(kStart + milliseconds(200)), 1U);
  EXPECT_EQ(reassembler.next_deadline(), kStart + milliseconds(250));
  EXPECT_EQ(outcome({2, 500, 1000}, 500, kStart + milliseconds(249)), FragmentOutcome::complete);
  EXPECT_EQ(reassembler.next_deadline(), kNever);
}

TEST_F(ReassemblerTest, NeverJoinsALatePartToAFrameFromBeforeTheIdsWrapped) {
  EXPECT_EQ(outcome({1, 0, 1000}, 500), FragmentOutcome::waiting);
  EXPECT_EQ(outcome({1, 500, 1000}, 500, kStart + milliseconds(200)), FragmentOutcome::waiting);
  EXPECT_EQ(reassembler.expire(kStart + milliseconds(200)), 1U);
}

TEST_F(ReassemblerTest, SaysNoBufferWhenThePoolIsEmpty) {
  FramePool small(1);
  const FrameRef held = small.acquire(64);
  Reassembler starved(small);
  EXPECT_EQ(starved.add(kStart, kAnna, {1, 0, 1000}, pattern(500)).outcome, FragmentOutcome::no_buffer);
  EXPECT_EQ(starved.next_deadline(), kNever);
}

TEST_F(ReassemblerTest, StaysBoundedAndCorrectOnAnyInput) {
  SeededRandom random(5);
  TimePoint now = kStart;
  for (int i = 0; i < 100'000; ++i) {
    now += std::chrono::microseconds(random.below(2000));
    const FragmentHeader header{static_cast<std::uint16_t>(random.below(40)),
                                static_cast<std::uint16_t>(random.below(8) * 8),
                                static_cast<std::uint16_t>(random.below(6) * 8 + 8)};
    const auto result =
        reassembler.add(now, PeerId{static_cast<std::uint16_t>(random.below(2))}, header, pattern(random.below(4) * 8));
    EXPECT_EQ(static_cast<bool>(result.frame), result.outcome == FragmentOutcome::complete);
    EXPECT_EQ(result.frame ? result.frame.size() : header.total, header.total);
    EXPECT_LE(pool.in_use(), Reassembler::kMaxFrames + 1);
    EXPECT_TRUE(reassembler.next_deadline() == kNever || reassembler.next_deadline() > now);
  }
  (void)reassembler.expire(now + Reassembler::kTimeout);
  EXPECT_EQ(pool.in_use(), 0U);
}

}  // namespace
}  // namespace softlan::proto
