#include "platform/linux/reuse_port.h"

#include <gtest/gtest.h>

#include <optional>

namespace softlan::platform {
namespace {

using Packet = std::vector<std::uint8_t>;

// Sockets of one machine that hear each other at once.
class AGroupOfSockets : public testing::Test {
 protected:
  static constexpr std::size_t kSockets = 3;
  const SocketAddress loopback_{.ip = parse_ip("127.0.0.1").value(), .port = 0};
  std::vector<UdpSocket> group_ = bind_together(loopback_, kSockets).value();
  UdpSocket stranger_ = UdpSocket::connect(group_.front().local(), "").value();
  ReceiveBuffers buffers_;

  // Which socket gets it.
  std::optional<std::size_t> receiver(const Packet& packet) {
    SendBatch batch(2048, 1);
    std::ranges::copy(packet, batch.reserve(packet.size()).begin());
    batch.commit(packet.size(), {.local = stranger_.local(), .remote = group_.front().local()}, 0);
    EXPECT_EQ(stranger_.send(batch, 0).sent, 1u);
    for (std::size_t i = 0; i < group_.size(); ++i) {
      if (!group_[i].receive(buffers_).packets.empty()) return i;
    }
    return std::nullopt;
  }
};

// RFC 8999: version 1, a destination id of `size` bytes that begins with `first` and `second`.
Packet long_header(std::uint8_t size, std::uint8_t first, std::uint8_t second) {
  Packet packet{0xc0, 0, 0, 0, 1, size, first, second};
  packet.resize(100);
  return packet;
}
Packet short_header(std::uint8_t first) { return {0x40, first, 1, 2, 3, 4, 5, 6, 7, 8}; }

TEST_F(AGroupOfSockets, HasOnePort) {
  for (const UdpSocket& socket : group_) EXPECT_EQ(socket.local(), group_.front().local());
}

TEST_F(AGroupOfSockets, LetsNoOtherProgramIn) {
  EXPECT_FALSE(UdpSocket::bind(group_.front().local()));
  EXPECT_FALSE(bind_together(group_.front().local(), kSockets));
}

TEST_F(AGroupOfSockets, GetsARoomsFirstPacketsByItsHash) {
  ASSERT_TRUE(steer_by_connection_id(group_));
  for (std::uint8_t low = 0; low < 9; ++low) EXPECT_EQ(receiver(long_header(16, 1, low)), (256u + low) % kSockets);
}

TEST_F(AGroupOfSockets, GetsAllLaterPacketsByTheWorkerInTheirId) {
  ASSERT_TRUE(steer_by_connection_id(group_));
  for (std::uint8_t worker = 0; worker < 9; ++worker) {
    EXPECT_EQ(receiver(short_header(worker)), worker % kSockets);
    EXPECT_EQ(receiver(long_header(8, worker, 77)), worker % kSockets);
  }
}

TEST_F(AGroupOfSockets, LeavesWhatIsTooShortToTheFirst) {
  ASSERT_TRUE(steer_by_connection_id(group_));
  EXPECT_EQ(receiver({0x40}), 0u);
  EXPECT_EQ(receiver({0xc0, 0, 0, 0, 1, 8}), 0u);
  EXPECT_EQ(receiver({0xc0, 0, 0, 0, 1, 16, 1}), 0u);
}

TEST(ASocketAlone, NeedsNoChoice) {
  const SocketAddress loopback{.ip = parse_ip("::1").value(), .port = 0};
  const auto alone = bind_together(loopback, 1);
  if (!alone) GTEST_SKIP() << alone.error().message;
  EXPECT_TRUE(steer_by_connection_id(*alone));
}

}  // namespace
}  // namespace softlan::platform
