#include "quic/path_size.h"

#include <gtest/gtest.h>

#include <vector>

namespace softlan::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPatience = milliseconds(80);

TimePoint at(int ms) { return TimePoint(milliseconds(ms)); }

// Sends everything the detector wants probed over a path of `mtu`; what fits is acknowledged.
std::vector<std::size_t> probe(PathSize& path, TimePoint now, std::size_t mtu) {
  std::vector<std::size_t> sizes;
  while (const std::size_t size = path.probe()) {
    const std::uint64_t tag = path.next_tag();
    path.on_sent(now, size, kPatience);
    path.probe_taken();
    sizes.push_back(size);
    if (size <= mtu) path.on_acknowledged(tag);
  }
  return sizes;
}

TEST(PathSize, StaysAsLargeAsItIsWhilePacketsAreAcknowledged) {
  PathSize path;
  for (int ms = 0; ms < 1000; ms += 10) {
    const std::uint64_t tag = path.next_tag();
    path.on_sent(at(ms), 1472, kPatience);
    path.on_acknowledged(tag);
    path.on_deadline(at(ms));
  }
  EXPECT_EQ(path.limit(), 1472u);
  EXPECT_EQ(path.next_deadline(), kNever);
}

TEST(PathSize, FallsToTheFloorWhenALargePacketIsNotAcknowledgedInTime) {
  PathSize path;
  path.on_sent(at(0), 1472, kPatience);
  EXPECT_EQ(path.next_deadline(), at(80));
  path.on_deadline(at(80));
  EXPECT_EQ(path.limit(), PathSize::kFloor);
}

TEST(PathSize, SmallerAcknowledgementsDoNotClearALargerPacket) {
  PathSize path;
  path.on_sent(at(0), 1450, kPatience);
  const std::uint64_t tag = path.next_tag();
  path.on_sent(at(1), 1300, kPatience);
  path.on_acknowledged(tag);
  path.on_deadline(at(80));
  EXPECT_EQ(path.limit(), PathSize::kFloor);
}

TEST(PathSize, ALaterPacketAsLargeClearsIt) {
  PathSize path;
  path.on_sent(at(0), 1450, kPatience);
  const std::uint64_t tag = path.next_tag();
  path.on_sent(at(1), 1450, kPatience);
  path.on_acknowledged(tag);
  path.on_deadline(at(80));
  EXPECT_EQ(path.limit(), 1472u);
}

TEST(PathSize, FindsWhatThePathStillCarriesInOneBurst) {
  PathSize path;
  path.on_sent(at(0), 1472, kPatience);
  path.on_deadline(at(80));
  EXPECT_EQ(probe(path, at(80), 1400).size(), kPathSizes.size());
  EXPECT_EQ(path.limit(), 1392u);
}

TEST(PathSize, TriesLargerSizesAgainAtGrowingIntervalsUntilThePathRecovers) {
  PathSize path;
  path.on_sent(at(0), 1472, kPatience);
  path.on_deadline(at(80));
  probe(path, at(80), 1252);
  EXPECT_EQ(path.limit(), 1252u);
  EXPECT_EQ(path.next_deadline(), at(1080));
  path.on_deadline(at(1080));
  EXPECT_EQ(probe(path, at(1080), 1252), (std::vector<std::size_t>{1312, 1372, 1392, 1432, 1452, 1472}));
  EXPECT_EQ(path.next_deadline(), at(3080));
  path.on_deadline(at(3080));
  probe(path, at(3080), 1500);
  EXPECT_EQ(path.limit(), 1472u);
  EXPECT_EQ(path.next_deadline(), kNever);
}

TEST(PathSize, AProbeThatIsLostIsNoFall) {
  PathSize path;
  path.on_sent(at(0), 1472, kPatience);
  path.on_deadline(at(80));
  probe(path, at(80), 1392);
  path.on_deadline(at(500));
  EXPECT_EQ(path.limit(), 1392u);
}

TEST(PathSize, IgnoresAcknowledgementsItNoLongerKnows) {
  PathSize path;
  path.on_acknowledged(7);
  for (int i = 0; i < 5000; ++i) path.on_sent(at(0), 1100, kPatience);
  path.on_acknowledged(1);
  EXPECT_EQ(path.limit(), 1472u);
}

TEST(PathSize, ForgetsEverythingOnANewPath) {
  PathSize path;
  path.on_sent(at(0), 1472, kPatience);
  path.on_deadline(at(80));
  path.reset();
  EXPECT_EQ(path.limit(), 1472u);
  EXPECT_EQ(path.probe(), 0u);
  EXPECT_EQ(path.next_deadline(), kNever);
}

}  // namespace
}  // namespace softlan::quic
