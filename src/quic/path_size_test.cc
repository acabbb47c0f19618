#include "quic/path_size.h"

#include <gtest/gtest.h>

#include <vector>

namespace softlan::quic {
namespace {

using std::chrono::milliseconds;

constexpr Duration kPatience = milliseconds(80);

TimePoint at(int ms) { return TimePoint(milliseconds(ms)); }

// A detector on a path that carries packets of up to `carries` bytes.
class Path {
 public:
  explicit Path(std::size_t carries) : carries_(carries) { size.start(kPathSizes.back()); }

  void narrow_to(std::size_t carries) { carries_ = carries; }

  // Sends one packet, and acknowledges it when it fits.
  void send(int ms, std::size_t bytes) {
    const std::uint64_t tag = size.next_tag();
    size.on_sent(at(ms), bytes, kPatience);
    if (bytes <= carries_) size.on_acknowledged(at(ms), tag);
  }

  // Sends what is to be probed, as long as anything is; returns what was lost.
  std::vector<std::size_t> probe(int ms) {
    std::vector<std::size_t> lost;
    while (const std::size_t bytes = size.probe()) {
      size.probe_taken();
      if (bytes > carries_) lost.push_back(bytes);
      send(ms, bytes);
    }
    return lost;
  }

  // Lets time pass until `ms`, probing whenever that is due; returns how many probes were lost.
  std::size_t run_until(int ms) {
    std::size_t lost = 0;
    while (size.next_deadline() <= at(ms)) {
      const TimePoint now = size.next_deadline();
      size.on_deadline(now);
      lost += probe(static_cast<int>(now.time_since_epoch() / milliseconds(1))).size();
    }
    return lost;
  }

  // What a silent fall does to a packet of the present size.
  void fall_to(int ms, std::size_t carries) {
    narrow_to(carries);
    send(ms, size.limit());
  }

  PathSize size;

 private:
  std::size_t carries_;
};

TEST(PathSize, IsTheFloorUntilMoreIsProved) {
  const Path path(1472);
  EXPECT_EQ(path.size.limit(), PathSize::kFloor);
}

TEST(PathSize, NeedsOneProbeOnAnOrdinaryPath) {
  Path path(1472);
  EXPECT_EQ(path.size.probe(), 1472u);
  path.size.probe_taken();
  path.send(0, 1472);
  EXPECT_EQ(path.size.limit(), 1472u);
  EXPECT_EQ(path.size.probe(), 0u);
  EXPECT_EQ(path.size.next_deadline(), kNever);
}

TEST(PathSize, FindsTheSizeOfANarrowPathWithTwoLostProbes) {
  for (const std::size_t carries : kPathSizes) {
    if (carries == kPathSizes.back()) continue;
    Path path(carries);
    EXPECT_LE(path.probe(0).size(), 2u);
    EXPECT_EQ(path.size.limit(), carries);
  }
}

TEST(PathSize, KeepsToTheFloorWhereNothingMoreFits) {
  Path path(1210);
  EXPECT_EQ(path.probe(0), (std::vector<std::size_t>{1472, 1232}));
  path.run_until(2000);
  EXPECT_EQ(path.size.limit(), PathSize::kFloor);
}

TEST(PathSize, TriesNothingAboveWhatBothEndsTake) {
  PathSize size;
  size.start(1452);
  EXPECT_EQ(size.probe(), 1452u);
  size.start(1200);
  EXPECT_EQ(size.probe(), 0u);
}

TEST(PathSize, StaysAsLargeAsItIsWhilePacketsAreAcknowledged) {
  Path path(1472);
  path.probe(0);
  for (int ms = 0; ms < 1000; ms += 10) path.send(ms, 1472);
  EXPECT_EQ(path.run_until(1000), 0u);
  EXPECT_EQ(path.size.limit(), 1472u);
}

TEST(PathSize, FallsToTheFloorWhenALargePacketIsNotAcknowledgedInTime) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1400);
  EXPECT_EQ(path.size.next_deadline(), at(80));
  path.size.on_deadline(at(80));
  EXPECT_EQ(path.size.limit(), PathSize::kFloor);
}

TEST(PathSize, SmallerAcknowledgementsDoNotClearALargerPacket) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1400);
  path.send(1, 1300);
  path.size.on_deadline(at(80));
  EXPECT_EQ(path.size.limit(), PathSize::kFloor);
}

TEST(PathSize, ALaterPacketAsLargeClearsIt) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1400);
  path.narrow_to(1472);
  path.send(1, 1472);
  path.size.on_deadline(at(80));
  EXPECT_EQ(path.size.limit(), 1472u);
}

TEST(PathSize, AFalseAlarmCostsOneProbe) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1400);
  path.narrow_to(1472);
  path.size.on_deadline(at(80));
  EXPECT_EQ(path.size.probe(), 1472u);
  EXPECT_TRUE(path.probe(80).empty());
  EXPECT_EQ(path.size.limit(), 1472u);
}

TEST(PathSize, FindsWhatAFallenPathStillCarries) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1400);
  EXPECT_LE(path.run_until(500), 2u);
  EXPECT_EQ(path.size.limit(), 1392u);
}

TEST(PathSize, ReturnsSoonToASizeThePathOnceCarried) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1252);
  path.run_until(5000);
  EXPECT_EQ(path.size.limit(), 1252u);
  path.narrow_to(1472);
  path.run_until(10000);
  EXPECT_EQ(path.size.limit(), 1472u);
}

TEST(PathSize, LosesFewProbesOnAPathThatStaysNarrow) {
  Path fallen(1472);
  fallen.probe(0);
  fallen.fall_to(0, 1252);
  EXPECT_LE(fallen.run_until(60'000), 8u);
  Path narrow(1452);
  narrow.probe(0);
  EXPECT_LE(narrow.run_until(600'000), 5u);
}

TEST(PathSize, FindsASizeThePathNeverCarriedBefore) {
  Path path(1252);
  path.probe(0);
  path.run_until(1000);
  path.narrow_to(1472);
  path.run_until(61'000);
  EXPECT_EQ(path.size.limit(), 1472u);
}

TEST(PathSize, IgnoresAcknowledgementsItNoLongerKnows) {
  Path path(1472);
  path.size.on_acknowledged(at(0), 7);
  for (int i = 0; i < 5000; ++i) path.size.on_sent(at(0), 1100, kPatience);
  path.size.on_acknowledged(at(0), 1);
  EXPECT_EQ(path.size.limit(), PathSize::kFloor);
}

TEST(PathSize, ForgetsEverythingOnANewPath) {
  Path path(1472);
  path.probe(0);
  path.fall_to(0, 1252);
  path.size.start(kPathSizes.back());
  EXPECT_EQ(path.size.limit(), PathSize::kFloor);
  EXPECT_EQ(path.size.probe(), 1472u);
  EXPECT_EQ(path.size.next_deadline(), kNever);
}

}  // namespace
}  // namespace softlan::quic
