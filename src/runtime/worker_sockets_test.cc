#include "runtime/worker_sockets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "base/random.h"
#include "quic/connection_id.h"

namespace softlan::runtime {
namespace {

using platform::UdpSocket;

using Places = std::vector<std::vector<SocketAddress>>;

constexpr unsigned kWorkers = 3;

SocketAddress loopback(std::uint8_t number) { return {.ip = {IpAddress::Family::v4, {127, 0, 0, number}}, .port = 0}; }

std::vector<std::uint8_t> any_packet(Random& random) {
  std::vector<std::uint8_t> packet(1 + random.below(40));
  random.fill(packet);
  const bool likely = random.below(4) != 0;
  if (packet.size() > 5 && likely) packet[5] = random.below(2) == 0 ? 16 : 8;
  return packet;
}

// Which worker's socket has something to read.
std::optional<unsigned> receiver(WorkerSockets& sockets, platform::ReceiveBuffers& buffers) {
  for (unsigned worker = 0; worker < kWorkers; ++worker) {
    if (!sockets.of_workers[worker].front().receive(buffers).packets.empty()) return worker;
  }
  return std::nullopt;
}

TEST(WorkerSocketsOfARelay, AreOneForEachWorkerAtEveryAddress) {
  const auto sockets = open_worker_sockets(Places{{loopback(1)}, {loopback(2)}}, kWorkers);
  ASSERT_TRUE(sockets) << sockets.error().message;
  EXPECT_EQ(sockets->of_workers.size(), kWorkers);
  ASSERT_EQ(sockets->addresses.size(), 2u);
  for (const auto& own : sockets->of_workers) {
    ASSERT_EQ(own.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(own[i].local(), sockets->addresses[i]);
  }
}

TEST(WorkerSocketsOfARelay, AreThoseOfTheAddressesThereAre) {
  const SocketAddress nowhere{.ip = parse_ip("192.0.2.77").value(), .port = 0};
  const auto sockets = open_worker_sockets(Places{{nowhere, loopback(1)}}, kWorkers);
  ASSERT_TRUE(sockets) << sockets.error().message;
  EXPECT_EQ(sockets->addresses.size(), 1u);
  EXPECT_FALSE(open_worker_sockets(Places{{loopback(1)}, {nowhere}}, kWorkers));
}

TEST(WorkerSocketsOfARelay, GetFromTheKernelWhatTheWorkersThinkIsTheirs) {
  auto sockets = open_worker_sockets(Places{{loopback(1)}}, kWorkers);
  ASSERT_TRUE(sockets) << sockets.error().message;
  if (!sockets->unsteered.empty()) GTEST_SKIP() << sockets->unsteered;
  UdpSocket member = UdpSocket::connect(sockets->addresses.front(), "").value();
  platform::ReceiveBuffers buffers;
  SeededRandom random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto packet = any_packet(random);
    SendBatch batch(2048, 1);
    std::ranges::copy(packet, batch.reserve(packet.size()).begin());
    batch.commit(packet.size(), {.local = member.local(), .remote = sockets->addresses.front()}, 0);
    ASSERT_EQ(member.send(batch, 0).sent, 1u);
    ASSERT_EQ(receiver(*sockets, buffers), quic::worker_of_packet(packet, kWorkers)) << "packet " << i;
  }
}

}  // namespace
}  // namespace softlan::runtime
