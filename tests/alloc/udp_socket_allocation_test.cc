// Heap allocations in the UDP sockets, for packets alone and for runs of them.
#include <gtest/gtest.h>

#include "alloc/allocations.h"
#include "platform/linux/udp_socket.h"

namespace softlan::test {
namespace {

constexpr std::size_t kPackets = 40;

TEST(UdpSocketAllocation, PacketsAndRunsCostNone) {
  auto server = platform::UdpSocket::bind({.ip = parse_ip("127.0.0.1").value(), .port = 0});
  if (!server) GTEST_SKIP() << server.error().message;
  auto member = platform::UdpSocket::connect(server->local(), "");
  ASSERT_TRUE(member) << member.error().message;
  SendBatch batch(kPackets * 1400, kPackets);
  for (std::size_t i = 0; i < kPackets; ++i) {
    ASSERT_FALSE(batch.reserve(1400).empty());
    batch.commit(i < 10 ? 100 + i : 1300, {.local = member->local(), .remote = server->local()}, 0);
  }
  platform::ReceiveBuffers buffers;

  const Allocations before = allocations();
  const std::size_t sent = member->send(batch, 0).sent;
  const std::size_t received = server->receive(buffers).packets.size();
  const Allocations seen = allocations() - before;

  EXPECT_EQ(sent, kPackets);
  EXPECT_EQ(received, kPackets);
  EXPECT_EQ(seen.ours + seen.libraries, 0U);
}

}  // namespace
}  // namespace softlan::test
