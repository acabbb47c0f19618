#include "base/packet_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace softlan {
namespace {

NetworkPath path_to(std::uint16_t port) {
  return {.local = {}, .remote = {.ip = parse_ip("192.0.2.1").value(), .port = port}};
}

class PacketRuns : public ::testing::Test {
 protected:
  void add(std::size_t size, std::uint16_t port = 443, std::uint8_t ecn = 0, bool alone = false) {
    const MutableBytes room = batch_.reserve(size);
    ASSERT_EQ(room.size(), size);
    std::ranges::fill(room, static_cast<std::uint8_t>('a' + batch_.packets().size()));
    batch_.commit(size, path_to(port), ecn, alone);
  }
  // The lengths of all runs of the batch.
  [[nodiscard]] std::vector<std::size_t> runs() const {
    std::vector<std::size_t> lengths;
    for (auto rest = batch_.packets(); !rest.empty(); rest = rest.subspan(lengths.back()))
      lengths.push_back(run_length(rest));
    return lengths;
  }

  SendBatch batch_{1 << 20, 256};
};

using Lengths = std::vector<std::size_t>;

TEST_F(PacketRuns, NoPacketsAreNoRun) { EXPECT_EQ(run_length(batch_.packets()), 0U); }

TEST_F(PacketRuns, PacketsOfOneSizeAreOneRun) {
  for (int i = 0; i < 5; ++i) add(1200);
  EXPECT_EQ(runs(), Lengths{5});
}

TEST_F(PacketRuns, AShorterPacketEndsARun) {
  for (const std::size_t size : {1200, 1200, 700, 1200, 1200}) add(size);
  EXPECT_EQ(runs(), (Lengths{3, 2}));
}

TEST_F(PacketRuns, ALongerPacketBeginsARun) {
  for (const std::size_t size : {1200, 1200, 1400, 1200, 1200}) add(size);
  EXPECT_EQ(runs(), (Lengths{2, 2, 1}));
}

TEST_F(PacketRuns, APacketThatGoesAloneJoinsNone) {
  for (const bool alone : {false, true, true, false, false}) add(1200, 443, 0, alone);
  EXPECT_EQ(runs(), (Lengths{1, 1, 1, 2}));
}

TEST_F(PacketRuns, AnotherPathBeginsARun) {
  add(1200, 443);
  add(1200, 443);
  add(1200, 444);
  add(1200, 443);
  EXPECT_EQ(runs(), (Lengths{2, 1, 1}));
}

TEST_F(PacketRuns, OtherEcnBitsBeginARun) {
  add(1200, 443, 2);
  add(1200, 443, 2);
  add(1200, 443, 0);
  EXPECT_EQ(runs(), (Lengths{2, 1}));
}

TEST_F(PacketRuns, AnEmptyPacketGoesAlone) {
  for (const std::size_t size : {100, 0, 0, 100}) add(size);
  EXPECT_EQ(runs(), (Lengths{1, 1, 1, 1}));
}

TEST_F(PacketRuns, ARunHasABoundInPackets) {
  for (int i = 0; i < 150; ++i) add(100);
  EXPECT_EQ(runs(), (Lengths{kMaxRunPackets, kMaxRunPackets, 150 - 2 * kMaxRunPackets}));
}

TEST_F(PacketRuns, ARunHasABoundInBytes) {
  for (int i = 0; i < 50; ++i) add(1472);
  EXPECT_EQ(runs(), (Lengths{kMaxRunBytes / 1472, 50 - kMaxRunBytes / 1472}));
}

TEST_F(PacketRuns, APacketLongerThanARunGoesAlone) {
  add(70'000);
  add(10);
  EXPECT_EQ(runs(), (Lengths{1, 1}));
}

TEST_F(PacketRuns, TheBytesOfARunAreThoseOfItsPackets) {
  for (const std::size_t size : {3, 2, 2, 1}) add(size);
  const Bytes data = batch_.data(batch_.packets().subspan(1, 3));
  EXPECT_EQ(std::string(data.begin(), data.end()), "bbccd");
}

std::vector<std::size_t> sizes_in(Bytes message, std::size_t packet_size) {
  std::vector<std::size_t> sizes;
  while (!message.empty()) sizes.push_back(take_packet(message, packet_size).size());
  return sizes;
}

TEST(TakePacket, CutsAMessageIntoItsPackets) {
  const std::vector<std::uint8_t> message(2500);
  EXPECT_EQ(sizes_in(message, 1000), (Lengths{1000, 1000, 500}));
  EXPECT_EQ(sizes_in(message, 1250), (Lengths{1250, 1250}));
}

TEST(TakePacket, WithNoSizeOrATooLargeOneAMessageIsOnePacket) {
  const std::vector<std::uint8_t> message(2500);
  EXPECT_EQ(sizes_in(message, 0), Lengths{2500});
  EXPECT_EQ(sizes_in(message, 65'535), Lengths{2500});
}

TEST(TakePacket, AnEmptyMessageIsOneEmptyPacket) {
  Bytes message;
  EXPECT_TRUE(take_packet(message, 0).empty());
  EXPECT_TRUE(take_packet(message, 1000).empty());
}

}  // namespace
}  // namespace softlan
