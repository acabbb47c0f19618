#include "quic/connection_id.h"

#include <gtest/gtest.h>

#include <vector>

namespace softlan::quic {
namespace {

TEST(ConnectionId, OfAMembersFirstPacketBeginsWithTheHashOfTheRoom) {
  SeededRandom random(1);
  // printf ROOM1 | sha256sum begins with 7480.
  const std::uint16_t hash = room_hash("ROOM1");
  const ConnectionId id = make_initial_id(hash, random);
  EXPECT_EQ(id.size, kInitialIdSize);
  EXPECT_EQ(load_be16(id.bytes.data()), hash);
  EXPECT_EQ(hash, 0x7480);
}

TEST(ConnectionId, OfARelayBeginsWithItsWorker) {
  SeededRandom random(1);
  const ConnectionId id = make_relay_id(3, random);
  EXPECT_EQ(id.size, kRelayIdSize);
  EXPECT_EQ(worker_of_relay_id(id.view(), 4), 3);
}

TEST(ConnectionId, SendsARoomToTheSameWorkerEveryTime) {
  SeededRandom random(1);
  const std::uint16_t hash = room_hash("PARTY");
  const auto first = worker_of_initial(make_initial_id(hash, random).view(), 7);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(worker_of_initial(make_initial_id(hash, random).view(), 7), first);
  EXPECT_LT(first, 7);
}

TEST(ConnectionId, TooShortToNameAWorkerMeansTheFirst) {
  EXPECT_EQ(worker_of_initial({}, 4), 0);
  EXPECT_EQ(worker_of_relay_id({}, 4), 0);
}

TEST(ConnectionId, LeadsAllPacketsOfAMemberToTheWorkerOfItsRoom) {
  SeededRandom random(1);
  constexpr unsigned kWorkers = 5;
  const std::uint8_t worker = worker_of_room("ROOM1", kWorkers);
  const ConnectionId first = make_initial_id(room_hash("ROOM1"), random);
  const ConnectionId later = make_relay_id(worker, random);
  std::vector<std::uint8_t> initial{0xc0, 0, 0, 0, 1, first.size};
  initial.insert(initial.end(), first.view().begin(), first.view().end());
  std::vector<std::uint8_t> handshake{0xe0, 0, 0, 0, 1, later.size};
  handshake.insert(handshake.end(), later.view().begin(), later.view().end());
  std::vector<std::uint8_t> short_header{0x40};
  short_header.insert(short_header.end(), later.view().begin(), later.view().end());
  EXPECT_EQ(worker_of_packet(initial, kWorkers), worker);
  EXPECT_EQ(worker_of_packet(handshake, kWorkers), worker);
  EXPECT_EQ(worker_of_packet(short_header, kWorkers), worker);
}

TEST(ConnectionId, OfAPacketCutShortMeansTheFirstWorker) {
  for (const std::vector<std::uint8_t>& packet : std::vector<std::vector<std::uint8_t>>{
           {}, {0x40}, {0xc0}, {0xc0, 0, 0, 0, 1}, {0xc0, 0, 0, 0, 1, 16}, {0xc0, 0, 0, 0, 1, 16, 3}}) {
    EXPECT_EQ(worker_of_packet(packet, 4), 0);
  }
}

}  // namespace
}  // namespace softlan::quic
