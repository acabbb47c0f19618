// Heap allocations while segments become super-frames.
#include <gtest/gtest.h>

#include <vector>

#include "alloc/allocations.h"
#include "proto/coalesce.h"
#include "proto/test_frames.h"

namespace softlan::test {
namespace {

using proto::test::ipv6_tcp;
using proto::test::pattern;
using proto::test::test_mac;

constexpr std::uint32_t kSegments = 40;
constexpr std::uint32_t kSegmentSize = 1300;

proto::test::Frame segment(std::uint16_t port, std::uint32_t number) {
  return ipv6_tcp(test_mac(2), test_mac(1),
                  {.source_port = port, .sequence = number * kSegmentSize, .payload = pattern(kSegmentSize)});
}

// Two bulk flows in turns, and now and then a frame of another kind.
std::vector<FrameRef> many_frames(FramePool& pool) {
  std::vector<FrameRef> frames;
  for (std::uint32_t number = 0; number < kSegments; ++number) {
    frames.push_back(pool.copy(segment(1000, number)));
    frames.push_back(pool.copy(segment(2000, number)));
    if (number % 8 == 0) frames.push_back(pool.copy(proto::test::llc(test_mac(2), test_mac(1))));
  }
  return frames;
}

TEST(CoalescerAllocation, BundlesCostNone) {
  FramePool pool(1024);
  const std::vector<FrameRef> frames = many_frames(pool);
  proto::Coalescer coalescer;
  std::size_t bundles = coalescer.bundle(frames).size();  // warm

  const Allocations before = allocations();
  for (int i = 0; i < 100; ++i) bundles = coalescer.bundle(frames).size();
  const Allocations seen = allocations() - before;

  EXPECT_LT(bundles, frames.size() / 2);
  EXPECT_EQ(seen.ours + seen.libraries, 0U);
}

}  // namespace
}  // namespace softlan::test
