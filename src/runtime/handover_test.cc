#include "runtime/handover.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "quic/connection_id.h"

namespace softlan::runtime {
namespace {

using PacketBytes = std::vector<std::uint8_t>;

PacketBytes packet_of(std::uint8_t worker, std::size_t size = 50) {
  PacketBytes packet(size);
  packet[0] = 0x40;
  packet[1] = worker;
  return packet;
}

ReceivedPacket received(const PacketBytes& bytes) { return {.data = bytes, .path = {}, .ecn = 2}; }

// Worker 0 of two sorts; worker 1 has an inbox.
class AHandover : public testing::Test {
 protected:
  // A turn of worker 1, if somebody woke it.
  void turn() {
    loop_.context().restart();
    loop_.context().poll();
  }

  Loop loop_;
  std::vector<std::string> told_;
  Inbox other_{loop_, [this](TimePoint, std::size_t listener, std::span<const ReceivedPacket> packets) {
                 for (const ReceivedPacket& packet : packets) {
                   EXPECT_EQ(packet.ecn, 2);
                   told_.push_back(std::to_string(listener) + ": " + std::to_string(packet.data.size()));
                 }
               }};
  std::vector<Inbox*> inboxes_{nullptr, &other_};
  Sorter sorter_{0, inboxes_};
};

TEST_F(AHandover, LeavesABatchOfOnesOwnAsItIs) {
  const PacketBytes mine = packet_of(0);
  const std::vector<ReceivedPacket> batch{received(mine), received(mine)};
  const auto own = sorter_.own(0, batch);
  EXPECT_EQ(own.data(), batch.data());
  EXPECT_EQ(own.size(), 2u);
}

TEST_F(AHandover, BringsTheOthersPacketsInTheirOrder) {
  const PacketBytes mine = packet_of(0);
  const PacketBytes first = packet_of(1, 60), second = packet_of(3, 70);
  const std::vector<ReceivedPacket> batch{received(first), received(mine), received(second)};
  EXPECT_EQ(sorter_.own(4, batch).size(), 1u);
  turn();
  EXPECT_EQ(told_, (std::vector<std::string>{"4: 60", "4: 70"}));
  EXPECT_EQ(other_.taken(), 2u);
}

TEST_F(AHandover, KeepsApartWhichAddressTheyCameTo) {
  const PacketBytes bytes = packet_of(1);
  const std::vector<ReceivedPacket> batch{received(bytes)};
  for (const std::size_t listener : {0u, 1u, 0u}) EXPECT_TRUE(sorter_.own(listener, batch).empty());
  turn();
  EXPECT_EQ(told_, (std::vector<std::string>{"0: 50", "1: 50", "0: 50"}));
}

TEST_F(AHandover, DropsWhatThereIsNoSpaceFor) {
  const PacketBytes bytes = packet_of(1, 1400);
  const std::vector<ReceivedPacket> batch(100, received(bytes));
  for (int i = 0; i < 30; ++i) (void)sorter_.own(0, batch);
  turn();
  EXPECT_EQ(other_.taken() + other_.dropped(), 3000u);
  EXPECT_EQ(other_.taken(), Inbox::kMaxBytes / 1400);
  EXPECT_EQ(told_.size(), other_.taken());
  (void)sorter_.own(0, batch);
  turn();
  EXPECT_EQ(told_.size(), Inbox::kMaxBytes / 1400 + 100);
}

}  // namespace
}  // namespace softlan::runtime
