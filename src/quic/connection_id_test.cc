#include "quic/connection_id.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace softlan::quic
