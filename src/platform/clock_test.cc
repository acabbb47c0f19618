#include "platform/clock.h"

#include <gtest/gtest.h>

#include <array>

#include "platform/system_random.h"

namespace softlan::platform {
namespace {

TEST(Clock, NeverGoesBackwards) {
  TimePoint last = now();
  for (int i = 0; i < 1000; ++i) {
    const TimePoint next = now();
    ASSERT_GE(next, last);
    last = next;
  }
}

TEST(SystemRandom, FillsEveryByteAndNeverTwiceTheSame) {
  SystemRandom random;
  std::array<std::uint8_t, 64> first{};
  std::array<std::uint8_t, 64> second{};
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  EXPECT_NE(Bytes(first).back() | Bytes(first)[62] | Bytes(first)[61] | Bytes(first)[60], 0);
}

TEST(SystemRandom, AcceptsAnEmptyRequest) {
  SystemRandom random;
  random.fill({});
}

}  // namespace
}  // namespace softlan::platform
