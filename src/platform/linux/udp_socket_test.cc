#include "platform/linux/udp_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "platform/linux/interface.h"
#include "platform/linux/test_network.h"

namespace softlan::platform {
namespace {

using ::testing::HasSubstr;

SocketAddress address(const char* ip, std::uint16_t port = 0) { return {.ip = parse_ip(ip).value(), .port = port}; }

// A received packet, copied out of the buffers.
struct Arrived {
  std::string text;
  NetworkPath path;
  std::uint8_t ecn = 0;
};

std::vector<Arrived> take_all(UdpSocket& socket) {
  ReceiveBuffers buffers;
  std::vector<Arrived> arrived;
  Receive got{.more = true};
  while (got.more) {
    got = socket.receive(buffers);
    for (const auto& packet : got.packets)
      arrived.push_back({std::string(packet.data.begin(), packet.data.end()), packet.path, packet.ecn});
  }
  return arrived;
}

void add(SendBatch& batch, const std::string& text, const NetworkPath& path, std::uint8_t ecn = 0) {
  const MutableBytes room = batch.reserve(text.size());
  ASSERT_EQ(room.size(), text.size());
  std::ranges::copy(text, room.begin());
  batch.commit(text.size(), path, ecn);
}

// A listening and a connected socket over loopback, of either family.
class UdpPair : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!interface_state("lo").up) GTEST_SKIP() << "the loopback is down";
    auto server = UdpSocket::bind(address(GetParam()));
    if (!server) GTEST_SKIP() << server.error().message;
    server_ = std::make_unique<UdpSocket>(std::move(*server));
    auto member = UdpSocket::connect(server_->local(), "");
    ASSERT_TRUE(member) << member.error().message;
    member_ = std::make_unique<UdpSocket>(std::move(*member));
    to_server_ = {.local = member_->local(), .remote = server_->local()};
  }

  std::unique_ptr<UdpSocket> server_;
  std::unique_ptr<UdpSocket> member_;
  NetworkPath to_server_;
  SendBatch batch_{1 << 20, 256};
};

INSTANTIATE_TEST_SUITE_P(Loopback, UdpPair, ::testing::Values("127.0.0.1", "::1"),
                         [](const auto& given) { return *given.param == ':' ? "Ipv6" : "Ipv4"; });

TEST_P(UdpPair, PacketsArriveWholeInOrderAndWithTheirPath) {
  for (int i = 0; i < 150; ++i) add(batch_, "packet " + std::to_string(i), to_server_);
  const SendResult sent = member_->send(batch_, 0);
  EXPECT_EQ(sent.sent, 150U);
  EXPECT_FALSE(sent.blocked);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 150U);
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    EXPECT_EQ(arrived[i].text, "packet " + std::to_string(i));
    EXPECT_EQ(arrived[i].path.remote, member_->local());
    EXPECT_EQ(arrived[i].path.local, server_->local());
  }
}

TEST_P(UdpPair, SendingResumesWhereItWasTold) {
  for (const char* text : {"one", "two", "three"}) add(batch_, text, to_server_);
  EXPECT_EQ(member_->send(batch_, 2).sent, 1U);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0].text, "three");
}

TEST_P(UdpPair, RepliesReachTheConnectedSocket) {
  add(batch_, "reply", {.local = server_->local(), .remote = member_->local()});
  EXPECT_EQ(server_->send(batch_, 0).sent, 1U);
  const auto arrived = take_all(*member_);
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0].path, to_server_);
}

TEST_P(UdpPair, EcnBitsAreSetAndSeenPerPacket) {
  for (std::uint8_t ecn = 0; ecn < 4; ++ecn) add(batch_, "x", to_server_, ecn);
  EXPECT_EQ(member_->send(batch_, 0).sent, 4U);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(arrived[i].ecn, i);
}

// One letter per packet, so that a packet in the wrong place is seen.
std::string text_of(std::size_t number, std::size_t size) {
  return std::string(size, static_cast<char>('a' + number % 26));
}

TEST_P(UdpPair, PacketsThatAreAlikeTravelAsOneMessage) {
  if (!member_->sends_runs()) GTEST_SKIP() << "no UDP GSO here";
  for (const std::size_t size : {1000, 1000, 1000, 500}) add(batch_, std::string(size, 'x'), to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 4U);
  std::vector<char> message(65'536);
  EXPECT_EQ(recv(server_->fd(), message.data(), message.size(), MSG_DONTWAIT), 3500);
}

TEST_P(UdpPair, PacketsOfManySizesArriveWholeAndInOrder) {
  std::vector<std::string> sent;
  std::minstd_rand dice(7);
  for (std::size_t i = 0; i < 250; ++i) sent.push_back(text_of(i, dice() % 8 == 0 ? 1 + dice() % 1400 : 1200));
  for (const std::string& text : sent) add(batch_, text, to_server_, 2);
  EXPECT_EQ(member_->send(batch_, 0).sent, sent.size());
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(arrived[i].text, sent[i]);
    EXPECT_EQ(arrived[i].path.remote, member_->local());
    EXPECT_EQ(arrived[i].path.local, server_->local());
    EXPECT_EQ(arrived[i].ecn, 2);
  }
}

TEST_P(UdpPair, ManySmallPacketsAreWithinTheBound) {
  for (int i = 0; i < 256; ++i) add(batch_, "x", to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 256U);
  EXPECT_EQ(take_all(*server_).size(), 256U);
  EXPECT_EQ(server_->errors(), 0U);
}

TEST_P(UdpPair, ReceivingEndsWithEnoughPacketsAndSaysThatThereAreMore) {
  for (std::size_t i = 0; i < 2 * ReceiveBuffers::kEnoughPackets; ++i) add(batch_, std::string(i + 1, 'x'), to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 2 * ReceiveBuffers::kEnoughPackets);
  ReceiveBuffers buffers;
  const Receive first = server_->receive(buffers);
  EXPECT_EQ(first.packets.size(), ReceiveBuffers::kEnoughPackets);
  EXPECT_TRUE(first.more);
  EXPECT_EQ(take_all(*server_).size(), ReceiveBuffers::kEnoughPackets);
}

TEST_P(UdpPair, RunsToSeveralPeersReachEachWhole) {
  auto other = UdpSocket::connect(server_->local(), "");
  ASSERT_TRUE(other) << other.error().message;
  const NetworkPath to_member{.local = server_->local(), .remote = member_->local()};
  const NetworkPath to_other{.local = server_->local(), .remote = other->local()};
  for (std::size_t i = 0; i < 40; ++i) add(batch_, text_of(i, 900), i / 10 % 2 == 0 ? to_member : to_other);
  EXPECT_EQ(server_->send(batch_, 0).sent, 40U);
  for (UdpSocket* socket : {member_.get(), &*other}) {
    const auto arrived = take_all(*socket);
    ASSERT_EQ(arrived.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) {
      const std::size_t number = i + (i >= 10 ? 10 : 0) + (socket == member_.get() ? 0 : 10);
      EXPECT_EQ(arrived[i].text, text_of(number, 900));
    }
  }
}

TEST_P(UdpPair, APeerThatCannotTakeRunsGetsPackets) {
  const int off = 0;
  ASSERT_EQ(setsockopt(server_->fd(), SOL_UDP, UDP_GRO, &off, sizeof(off)), 0);
  for (std::size_t i = 0; i < 30; ++i) add(batch_, text_of(i, 1000), to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 30U);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 30U);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(arrived[i].text, text_of(i, 1000));
}

// The system segments no packets that go without a checksum.
TEST_P(UdpPair, AfterARefusalOfRunsEveryPacketGoesAlone) {
  const int on = 1;
  ASSERT_EQ(setsockopt(member_->fd(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)), 0);
  ASSERT_EQ(setsockopt(member_->fd(), SOL_UDP, UDP_NO_CHECK6_TX, &on, sizeof(on)), 0);
  ASSERT_EQ(setsockopt(server_->fd(), SOL_UDP, UDP_NO_CHECK6_RX, &on, sizeof(on)), 0);
  for (std::size_t i = 0; i < 100; ++i) add(batch_, text_of(i, 1000), to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 100U);
  EXPECT_FALSE(member_->sends_runs());
  EXPECT_EQ(member_->errors(), 0U);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(arrived[i].text, text_of(i, 1000));
  EXPECT_EQ(member_->send(batch_, 90).sent, 10U);
  EXPECT_EQ(take_all(*server_).size(), 10U);
}

TEST_P(UdpPair, APacketTheSystemRefusesIsSkippedAndCounted) {
  add(batch_, "before", to_server_);
  add(batch_, std::string(70'000, 'x'), to_server_);
  add(batch_, "after", to_server_);
  const SendResult sent = member_->send(batch_, 0);
  EXPECT_EQ(sent.sent, 3U);
  EXPECT_EQ(member_->errors(), 1U);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 2U);
  EXPECT_EQ(arrived[1].text, "after");
}

TEST_P(UdpPair, AReceivedPacketOverTheBufferIsDroppedAndCounted) {
  add(batch_, std::string(ReceiveBuffers::kPacketSize + 1, 'x'), to_server_);
  add(batch_, std::string(ReceiveBuffers::kPacketSize, 'y'), to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 2U);
  const auto arrived = take_all(*server_);
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0].text.size(), ReceiveBuffers::kPacketSize);
  EXPECT_EQ(server_->errors(), 1U);
}

TEST_P(UdpPair, ANobodyAtTheOtherEndIsNoticed) {
  server_.reset();
  add(batch_, "anyone?", to_server_);
  EXPECT_EQ(member_->send(batch_, 0).sent, 1U);
  ReceiveBuffers buffers;
  EXPECT_TRUE(test::wait_readable(member_->fd()));
  const Receive got = member_->receive(buffers);
  EXPECT_TRUE(got.unreachable);
  EXPECT_TRUE(got.packets.empty());
}

TEST(UdpSocket, PacketsTooLongForTheInterfaceTakeNoOthersWithThem) {
  test::in_new_network([] {
    test::sh("ip link set lo mtu 1400");
    auto server = UdpSocket::bind(address("127.0.0.1"));
    ASSERT_TRUE(server) << server.error().message;
    auto member = UdpSocket::connect(server->local(), "");
    ASSERT_TRUE(member) << member.error().message;
    const bool sends_runs = member->sends_runs();
    SendBatch batch(100'000, 100);
    for (const std::size_t size : {1200, 1200, 1450, 1450, 1450, 1200, 1200})
      add(batch, std::string(size, 'x'), {.local = member->local(), .remote = server->local()});
    EXPECT_EQ(member->send(batch, 0).sent, 7U);
    EXPECT_EQ(member->errors(), 3U);
    EXPECT_EQ(member->sends_runs(), sends_runs);
    EXPECT_EQ(take_all(*server).size(), 4U);
  });
}

TEST(UdpSocket, RepliesLeaveFromTheAddressThatWasAsked) {
  if (!interface_state("lo").up) GTEST_SKIP() << "the loopback is down";
  auto server = UdpSocket::bind(address("0.0.0.0"));
  ASSERT_TRUE(server) << server.error().message;
  auto member = UdpSocket::connect(address("127.0.0.2", server->local().port), "");
  ASSERT_TRUE(member) << member.error().message;
  SendBatch batch(1000, 10);
  add(batch, "question", {.local = member->local(), .remote = address("127.0.0.2", server->local().port)});
  EXPECT_EQ(member->send(batch, 0).sent, 1U);
  const auto question = take_all(*server);
  ASSERT_EQ(question.size(), 1U);
  EXPECT_EQ(question[0].path.local, address("127.0.0.2", server->local().port));
  SendBatch reply(1000, 10);
  add(reply, "answer", question[0].path);
  EXPECT_EQ(server->send(reply, 0).sent, 1U);
  EXPECT_EQ(take_all(*member).size(), 1U);
}

TEST(UdpSocket, TheIpv6AnyAddressLeavesIpv4ToOthers) {
  auto v6 = UdpSocket::bind(address("::"));
  if (!v6) GTEST_SKIP() << v6.error().message;
  const auto v4 = UdpSocket::bind(address("0.0.0.0", v6->local().port));
  EXPECT_TRUE(v4) << v4.error().message;
}

TEST(UdpSocket, APortInUseIsSaidSo) {
  const auto first = UdpSocket::bind(address("127.0.0.1"));
  ASSERT_TRUE(first) << first.error().message;
  const auto second = UdpSocket::bind(first->local());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "cannot listen on " + to_string(first->local()) +
                                        ": the port is in use by another program; choose another with --listen");
}

TEST(UdpSocket, APortForRootIsSaidSo) {
  test::in_new_network([] {
    test::become_ordinary_user();
    const auto socket = UdpSocket::bind(address("0.0.0.0", 443));
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().message,
              "cannot listen on 0.0.0.0:443: ports below 1024 need root or CAP_NET_BIND_SERVICE");
  });
}

TEST(UdpSocket, AnAddressOfAnotherMachineIsSaidSo) {
  test::in_new_network([] {
    const auto socket = UdpSocket::bind(address("192.0.2.1", 443));
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().message, "cannot listen on 192.0.2.1:443: this machine has no such address");
  });
}

TEST(UdpSocket, AMissingDeviceIsSaidSo) {
  const auto socket = UdpSocket::connect(address("127.0.0.1", 443), "nosuch0");
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().message, "cannot send through nosuch0: there is no such interface");
}

TEST(UdpSocket, NoRouteIsSaidSo) {
  test::in_new_network([] {
    const auto socket = UdpSocket::connect(address("192.0.2.1", 443), "");
    ASSERT_FALSE(socket);
    EXPECT_THAT(socket.error().message, HasSubstr("there is no route to it"));
  });
}

TEST(UdpSocket, TheDeviceWinsOverTheRoutingTable) {
  test::in_new_network([] {
    test::Host relay;
    test::sh("ip link add uplink type veth peer name far netns " + relay.path() +
             "; ip link add tunnel type veth peer name tunnel-far; ip link set uplink up; ip link set tunnel up;"
             "ip address add 10.1.0.2/24 dev uplink; ip route add default via 10.1.0.1 dev uplink metric 9;"
             "ip address add 10.3.0.2/24 dev tunnel; ip route add 192.0.2.1 dev tunnel");
    relay.run(
        [] { test::sh("ip link set far up; ip address add 10.1.0.1/24 dev far; ip address add 192.0.2.1/32 dev lo"); });
    std::unique_ptr<UdpSocket> server;
    relay.run([&] { server = std::make_unique<UdpSocket>(*UdpSocket::bind(address("192.0.2.1", 443))); });
    auto member = UdpSocket::connect(server->local(), "uplink");
    ASSERT_TRUE(member) << member.error().message;
    EXPECT_EQ(member->local().ip, address("10.1.0.2").ip);
    SendBatch batch(1000, 10);
    add(batch, "hello", {.local = member->local(), .remote = server->local()});
    EXPECT_EQ(member->send(batch, 0).sent, 1U);
    EXPECT_TRUE(test::wait_readable(server->fd()));
    EXPECT_EQ(take_all(*server).size(), 1U);
  });
}

}  // namespace
}  // namespace softlan::platform
