#include "proto/checksum.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using test::Frame;
using test::plain_sum;

TEST(Checksum, SumsTheExampleOfRfc1071) {
  const Frame bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(checksum_fold(checksum_add(0, bytes)), 0xffff - 0xddf2);
}

TEST(Checksum, OfNothingIsAllOnes) { EXPECT_EQ(checksum_fold(checksum_add(0, {})), 0xffff); }

TEST(Checksum, AgreesWithThePlainSumAtEverySizeAndAlignment) {
  SeededRandom random(6);
  Frame bytes(1600);
  random.fill(bytes);
  for (std::size_t size = 0; size < 1580; size += 1 + size / 100) {
    for (std::size_t start = 0; start < 9; ++start) {
      const Bytes part = Bytes(bytes).subspan(start, size);
      EXPECT_EQ(checksum_fold(checksum_add(0, part)), 0xffff - plain_sum(part)) << size << " from " << start;
    }
  }
}

TEST(Checksum, CopiesWhatItSums) {
  SeededRandom random(8);
  Frame bytes(1600);
  random.fill(bytes);
  for (std::size_t size = 0; size < 1580; size += 1 + size / 100) {
    const Bytes part = Bytes(bytes).subspan(size % 9, size);
    Frame copy(size + 1, 0xee);
    EXPECT_EQ(checksum_copy(77, part, copy.data()), checksum_add(77, part));
    EXPECT_TRUE(std::ranges::equal(part, Bytes(copy).first(size))) << size;
    EXPECT_EQ(copy[size], 0xee) << "wrote past the end of " << size;
  }
}

TEST(Checksum, CarriesAllTheWayRound) {
  for (std::size_t size = 1; size < 400; ++size) {
    const Frame ones(size, 0xff);
    EXPECT_EQ(checksum_fold(checksum_add(0, ones)), 0xffff - plain_sum(ones)) << size;
    EXPECT_EQ(checksum_fold(checksum_add(0xffff'ffff, ones)), 0xffff - plain_sum(ones, 0xffff)) << size;
  }
}

TEST(Checksum, ContinuesFromPieceToPiece) {
  SeededRandom random(7);
  Frame bytes(200);
  random.fill(bytes);
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 10) sum = checksum_add(sum, Bytes(bytes).subspan(at, 10));
  EXPECT_EQ(checksum_fold(sum), checksum_fold(checksum_add(0, bytes)));
}

}  // namespace
}  // namespace softlan::proto
