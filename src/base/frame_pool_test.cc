#include "base/frame_pool.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <vector>

namespace {
std::size_t allocations = 0;
}

// Counted for this whole program, so that "no allocation" can be observed.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace softlan {
namespace {

TEST(FramePool, HandsOutBuffersOfTheSizeAskedFor) {
  FramePool pool(4);
  EXPECT_EQ(pool.acquire(0).size(), 0U);
  EXPECT_EQ(pool.acquire(60).size(), 60U);
  EXPECT_EQ(pool.acquire(kMaxFrameSize).size(), kMaxFrameSize);
}

TEST(FramePool, RefusesAFrameOverTheLargest) {
  FramePool pool(4);
  EXPECT_FALSE(pool.acquire(kMaxFrameSize + 1));
  EXPECT_FALSE(pool.copy(std::vector<std::uint8_t>(kMaxFrameSize + 1)));
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(FramePool, CopiesBytes) {
  FramePool pool(4);
  const std::vector<std::uint8_t> bytes = {1, 2, 3};
  const FrameRef frame = pool.copy(bytes);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), frame.bytes().begin(), frame.bytes().end()));
  EXPECT_TRUE(pool.copy({}));
}

TEST(FramePool, CopiesASharedFrameToBeChanged) {
  FramePool pool(2);
  const FrameRef frame = pool.copy(std::vector<std::uint8_t>{1, 2, 3});
  const FrameRef shared = frame;
  FrameRef changed = shared.copy();
  changed.mutable_bytes()[0] = 9;
  EXPECT_EQ(frame.bytes()[0], 1);
  EXPECT_EQ(changed.bytes()[2], 3);
  EXPECT_FALSE(frame.copy());
}

TEST(FramePool, AnswersEmptyAtItsBoundAndAgainAfterARelease) {
  FramePool pool(300);
  std::vector<FrameRef> held;
  for (int i = 0; i < 300; ++i) held.push_back(pool.acquire(64));
  for (const FrameRef& frame : held) EXPECT_TRUE(frame);
  EXPECT_FALSE(pool.acquire(64));
  EXPECT_EQ(pool.in_use(), 300U);
  held.pop_back();
  EXPECT_TRUE(pool.acquire(64));
}

TEST(FramePool, ReusesTheBufferLastGivenBack) {
  FramePool pool(8);
  FrameRef frame = pool.acquire(64);
  const std::uint8_t* first = frame.bytes().data();
  frame.reset();
  frame = pool.acquire(100);
  EXPECT_EQ(frame.bytes().data(), first);
}

TEST(FramePool, AllocatesNothingOnceWarm) {
  FramePool pool(512);
  std::vector<FrameRef> held(512);
  for (FrameRef& frame : held) frame = pool.acquire(64);
  for (FrameRef& frame : held) frame.reset();

  const std::size_t before = allocations;
  for (int round = 0; round < 10; ++round) {
    for (FrameRef& frame : held) frame = pool.acquire(1500);
    for (FrameRef& frame : held) frame.reset();
  }
  EXPECT_EQ(allocations, before);
}

TEST(FrameRef, SharesOneBufferUntilTheLastReferenceGoes) {
  FramePool pool(4);
  FrameRef first = pool.acquire(64);
  FrameRef second = first;
  EXPECT_EQ(first.bytes().data(), second.bytes().data());
  EXPECT_EQ(pool.in_use(), 1U);
  first.reset();
  EXPECT_EQ(pool.in_use(), 1U);
  second.reset();
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(FrameRef, MovesWithoutCounting) {
  FramePool pool(4);
  FrameRef first = pool.acquire(64);
  FrameRef second = std::move(first);
  EXPECT_TRUE(second);
  second.mutable_bytes()[0] = 1;  // still the sole reference
  FrameRef third;
  third = std::move(second);
  EXPECT_EQ(third.bytes()[0], 1);
  EXPECT_EQ(pool.in_use(), 1U);
}

TEST(FrameRef, GivesUpItsOldFrameOnAssignment) {
  FramePool pool(4);
  FrameRef frame = pool.acquire(64);
  frame = pool.acquire(65);
  EXPECT_EQ(frame.size(), 65U);
  EXPECT_EQ(pool.in_use(), 1U);
  const FrameRef& same = frame;
  frame = same;
  EXPECT_EQ(frame.size(), 65U);
  EXPECT_EQ(pool.in_use(), 1U);
}

TEST(FrameRef, IsResizedWithinItsBuffer) {
  FramePool pool(4);
  FrameRef frame = pool.acquire(0);
  frame.resize(kMaxFrameSize);
  EXPECT_EQ(frame.bytes().size(), kMaxFrameSize);
  frame.mutable_bytes().back() = 7;
  frame.resize(20);
  EXPECT_EQ(frame.size(), 20U);
}

TEST(FrameRefDeathTest, IsImmutableWhileShared) {
  FramePool pool(4);
  FrameRef frame = pool.acquire(64);
  const FrameRef other = frame;
  EXPECT_DEATH((void)frame.mutable_bytes(), "internal check failed");
  EXPECT_DEATH(frame.resize(10), "internal check failed");
}

}  // namespace
}  // namespace softlan
