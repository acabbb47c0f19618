#include "platform/windows/udp_socket.h"

#include <gtest/gtest.h>
#include <winsock2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "platform/windows/socket_name.h"

namespace softlan::platform {
namespace {

// Somebody to talk to: a plain socket.
class Peer {
 public:
  explicit Peer(const char* ip) : socket_(::socket(*ip == ':' ? AF_INET6 : AF_INET, SOCK_DGRAM, IPPROTO_UDP)) {
    SocketName name;
    int size = to_system({.ip = parse_ip(ip).value(), .port = 0}, name);
    open_ = bind(socket_.get(), reinterpret_cast<const sockaddr*>(&name), size) == 0;
    size = sizeof(name);
    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&name), &size);
    address_ = from_system(name);
    const DWORD patience = 5000;
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&patience), sizeof(patience));
  }
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] const SocketAddress& address() const { return address_; }

  void send(const std::string& text, const SocketAddress& to) {
    SocketName name;
    const int size = to_system(to, name);
    sendto(socket_.get(), text.data(), static_cast<int>(text.size()), 0, reinterpret_cast<const sockaddr*>(&name),
           size);
  }
  std::string receive() {
    char bytes[4096];
    const int size = recv(socket_.get(), bytes, sizeof(bytes), 0);
    return size < 0 ? "nothing" : std::string(bytes, static_cast<std::size_t>(size));
  }

 private:
  SocketHandle socket_;
  SocketAddress address_;
  bool open_ = false;
};

class WindowsUdpSocket : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    // The first use of sockets makes them work for the peer, too.
    (void)UdpSocket::connect({.ip = parse_ip("127.0.0.1").value(), .port = 9});
    peer_ = std::make_unique<Peer>(GetParam());
    if (!peer_->is_open()) GTEST_SKIP() << "no such address here";
    auto socket = UdpSocket::connect(peer_->address());
    ASSERT_TRUE(socket) << socket.error().message;
    socket_ = std::make_unique<UdpSocket>(std::move(*socket));
  }
  void add(const std::string& text) {
    const MutableBytes room = batch_.reserve(text.size());
    ASSERT_EQ(room.size(), text.size());
    std::ranges::copy(text, room.begin());
    batch_.commit(text.size(), {.local = socket_->local(), .remote = peer_->address()}, 0);
  }
  // Until `count` have come, or for ever: the loopback loses nothing.
  std::vector<std::string> take(std::size_t count) {
    std::vector<std::string> texts;
    while (texts.size() < count) {
      for (const auto& packet : socket_->receive(buffers_).packets) {
        EXPECT_EQ(packet.path, (NetworkPath{.local = socket_->local(), .remote = peer_->address()}));
        texts.emplace_back(packet.data.begin(), packet.data.end());
      }
    }
    return texts;
  }

  std::unique_ptr<Peer> peer_;
  std::unique_ptr<UdpSocket> socket_;
  ReceiveBuffers buffers_;
  SendBatch batch_{1 << 20, 256};
};

INSTANTIATE_TEST_SUITE_P(Loopback, WindowsUdpSocket, ::testing::Values("127.0.0.1", "::1"),
                         [](const auto& given) { return *given.param == ':' ? "Ipv6" : "Ipv4"; });

TEST_P(WindowsUdpSocket, PacketsLeaveWholeAndInOrder) {
  for (const char* text : {"one", "two", "three"}) add(text);
  const SendResult sent = socket_->send(batch_, 1);
  EXPECT_EQ(sent.sent, 2U);
  EXPECT_FALSE(sent.blocked);
  EXPECT_EQ(peer_->receive(), "two");
  EXPECT_EQ(peer_->receive(), "three");
}

TEST_P(WindowsUdpSocket, PacketsArriveWholeInOrderAndWithTheirPath) {
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) sent.push_back("packet " + std::to_string(i));
  for (const std::string& text : sent) peer_->send(text, socket_->local());
  EXPECT_EQ(take(100), sent);
}

TEST_P(WindowsUdpSocket, APacketThatIsTooLongIsCountedAndNotMissed) {
  peer_->send(std::string(3000, 'x'), socket_->local());
  peer_->send("next", socket_->local());
  EXPECT_EQ(take(1), std::vector<std::string>{"next"});
  EXPECT_EQ(socket_->errors(), 1U);
}

TEST_P(WindowsUdpSocket, ReceivingFromAnEmptySocketDoesNotWait) {
  const Receive nothing = socket_->receive(buffers_);
  EXPECT_TRUE(nothing.packets.empty());
  EXPECT_FALSE(nothing.more);
}

}  // namespace
}  // namespace softlan::platform
