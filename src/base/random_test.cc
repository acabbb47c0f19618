#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace softlan {
namespace {

TEST(SeededRandom, RepeatsItselfFromTheSameSeed) {
  SeededRandom a(7), b(7), c(8);
  std::vector<std::uint64_t> first, second, other;
  for (int i = 0; i < 16; ++i) {
    first.push_back(a.next_u64());
    second.push_back(b.next_u64());
    other.push_back(c.next_u64());
  }
  EXPECT_EQ(first, second);
  EXPECT_NE(first, other);
}

TEST(SeededRandom, FillsExactlyTheBytesGiven) {
  for (std::size_t size = 0; size < 20; ++size) {
    SeededRandom random(size);
    std::vector<std::uint8_t> bytes(size + 8, 0xee);
    random.fill(MutableBytes(bytes).first(size));
    for (std::size_t i = size; i < bytes.size(); ++i) EXPECT_EQ(bytes[i], 0xee);
  }
}

TEST(Random, BelowIsUniformWithinItsBound) {
  SeededRandom random(9);
  std::array<int, 6> seen{};
  for (int i = 0; i < 6000; ++i) ++seen.at(random.below(seen.size()));
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, UnitIsAtLeastZeroAndBelowOne) {
  SeededRandom random(10);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = random.unit();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
}

}  // namespace
}  // namespace softlan
