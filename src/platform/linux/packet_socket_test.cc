#include "platform/linux/packet_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "platform/linux/socket_name.h"
#include "platform/linux/socket_options.h"
#include "platform/linux/test_network.h"
#include "platform/linux/udp_socket.h"
#include "proto/test_frames.h"

namespace softlan::platform {
namespace {

using proto::test::ip;
using proto::test::test_mac;
using test::sh;
using ::testing::HasSubstr;

class Collector final : public proto::FrameSink {
 public:
  void on_frame(FrameRef frame) override { frames.push_back(std::move(frame)); }
  std::vector<FrameRef> frames;
};

// The gateway's interface "lan" (10.0.0.1), and a machine on the other end of its cable (10.0.0.2, "far").
struct Wire {
  test::Host peer;
  std::optional<UdpSocket> service, far_service;  // at port 5000, so that no packet there is answered with an error
  std::optional<PacketSocket> socket;
  FramePool pool{1000};
  Collector arrived;

  Wire() {
    sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1; sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    peer.run(
        [] { sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1; sysctl -qw net.ipv6.conf.default.disable_ipv6=1"); });
    sh("ip link add lan address 02:00:00:00:00:01 type veth peer name far address 02:00:00:00:00:02 netns " +
       peer.path() + "; ip link set lan up; ip address add 10.0.0.1/24 dev lan;" +
       "ip neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 dev lan");
    peer.run([] {
      sh("ip link set far up; ip address add 10.0.0.2/24 dev far;"
         "ip neighbour add 10.0.0.1 lladdr 02:00:00:00:00:01 dev far");
    });
    const SocketAddress anywhere{.ip = ip("0.0.0.0"), .port = 5000};
    service = std::move(*UdpSocket::bind(anywhere));
    peer.run([&] { far_service = std::move(*UdpSocket::bind(anywhere)); });
    auto opened = PacketSocket::open("lan");
    EXPECT_TRUE(opened) << opened.error().message;
    if (opened) socket = std::move(*opened);
  }

  PacketSocket::ReadResult read(std::size_t max = 1000) { return socket->read(pool, arrived, max); }
};

void on_wire(const std::function<void(Wire&)>& body) {
  test::in_new_network([&] {
    Wire wire;
    if (wire.socket) body(wire);
  });
}

// The frame's IPv4 header and transport checksums add up.
void expect_right_checksums(const FrameRef& frame) {
  const auto view = proto::parse_frame(frame.bytes());
  ASSERT_TRUE(view);
  EXPECT_EQ(proto::test::plain_sum(view->payload.first(20)), 0xffffU);
  const auto transport = proto::parse_transport(*view);
  ASSERT_TRUE(transport);
  const auto pseudo =
      proto::test::pseudo_sum(transport->source, transport->destination, transport->protocol, transport->header.size());
  EXPECT_EQ(proto::test::plain_sum(transport->header, pseudo), 0xffffU);
}

FileDescriptor listen_tcp(const char* address, std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  SocketName name;
  const socklen_t size = to_system({.ip = ip(address), .port = port}, name);
  EXPECT_EQ(bind(socket.get(), &name.any, size), 0);
  EXPECT_EQ(listen(socket.get(), 1), 0);
  return socket;
}

FileDescriptor connect_tcp(const char* address, std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  SocketName name;
  const socklen_t size = to_system({.ip = ip(address), .port = port}, name);
  EXPECT_EQ(connect(socket.get(), &name.any, size), 0);
  return socket;
}

TEST(PacketSocket, TcpSuperFramesBecomeOrdinaryFramesWithRightChecksums) {
  on_wire([](Wire& wire) {
    constexpr std::size_t kSize = 40'000;
    const FileDescriptor listener = listen_tcp("10.0.0.1", 5000);
    FileDescriptor sender;
    wire.peer.run([&] { sender = connect_tcp("10.0.0.1", 5000); });
    const FileDescriptor receiver(accept(listener.get(), nullptr, nullptr));
    std::vector<char> data(kSize, 'x');
    ASSERT_EQ(write(sender.get(), data.data(), kSize), static_cast<ssize_t>(kSize));
    ASSERT_EQ(recv(receiver.get(), data.data(), kSize, MSG_WAITALL), static_cast<ssize_t>(kSize));

    std::size_t most_from_one_packet = 0;
    while (true) {
      const std::size_t before = wire.arrived.frames.size();
      const auto result = wire.read(1);
      EXPECT_EQ(result.bad_offload + result.jumbo + result.no_buffer, 0U);
      if (wire.arrived.frames.size() == before && !result.more) break;
      most_from_one_packet = std::max(most_from_one_packet, wire.arrived.frames.size() - before);
    }
    EXPECT_GT(most_from_one_packet, 1U) << "the peer's kernel sent no super-frame";
    std::size_t payload = 0;
    for (const FrameRef& frame : wire.arrived.frames) {
      EXPECT_LE(frame.size(), 1514U);
      expect_right_checksums(frame);
      if (proto::parse_frame(frame.bytes())->source != test_mac(2)) continue;  // this machine acknowledges
      const auto tcp = proto::parse_transport(*proto::parse_frame(frame.bytes()))->header;
      payload += tcp.size() - std::size_t{tcp[12]} / 16 * 4;
    }
    EXPECT_GE(payload, kSize);
  });
}

TEST(PacketSocket, AChecksumLeftToTheHardwareIsFinished) {
  on_wire([](Wire& wire) {
    wire.peer.run([] { test::send_udp("10.0.0.1", 5000, 777); });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_FALSE(wire.read().more);
    ASSERT_EQ(wire.arrived.frames.size(), 1U);
    expect_right_checksums(wire.arrived.frames[0]);
  });
}

// Linux before 6.2 cannot hand such a packet to a socket; then it is counted.
TEST(PacketSocket, UdpSuperFramesAreCutOrCounted) {
  on_wire([](Wire& wire) {
    wire.peer.run([] {
      const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      SocketName name;
      const socklen_t size = to_system({.ip = ip("10.0.0.1"), .port = 5000}, name);
      ASSERT_TRUE(set_option(socket.get(), IPPROTO_UDP, UDP_SEGMENT, 1000));
      const std::vector<char> data(4500, 'x');
      ASSERT_EQ(sendto(socket.get(), data.data(), data.size(), 0, &name.any, size), 4500);
    });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    const auto result = wire.read();
    if (result.bad_offload == 1) return;
    ASSERT_EQ(wire.arrived.frames.size(), 5U);
    for (const FrameRef& frame : wire.arrived.frames) expect_right_checksums(frame);
    EXPECT_EQ(wire.arrived.frames[0].size(), 14U + 20U + 8U + 1000U);
    EXPECT_EQ(wire.arrived.frames[4].size(), 14U + 20U + 8U + 500U);
  });
}

// A UDP frame with a tag, its checksum left to the hardware: the field holds the sum of the pseudo header alone.
proto::test::Frame unfinished_tagged_frame(std::uint16_t tag_type) {
  const proto::test::Udp udp{.source = ip("10.7.0.2"), .destination = ip("10.7.0.1")};
  auto frame = proto::test::vlan(proto::test::ipv4_udp(test_mac(1), test_mac(2), udp), 7, tag_type);
  const std::size_t size = 8 + udp.payload.size();
  const auto pseudo = proto::test::pseudo_sum(udp.source, udp.destination, proto::test::kProtocolUdp, size);
  store_be16(&frame[14 + 4 + 20 + 6], static_cast<std::uint16_t>(pseudo));
  return frame;
}

// Sends `frame` on "far" with the note that its checksum is unfinished.
void send_unfinished(const proto::test::Frame& frame) {
  const FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  ASSERT_TRUE(set_option(socket.get(), SOL_PACKET, PACKET_VNET_HDR, 1));
  const proto::VirtioNetHeader header{
      .flags = proto::VirtioNetHeader::kNeedsChecksum, .checksum_start = 14 + 4 + 20, .checksum_offset = 6};
  std::vector<std::uint8_t> packet(sizeof(header));
  std::memcpy(packet.data(), &header, sizeof(header));
  proto::test::append(packet, frame);
  sockaddr_ll name{};
  name.sll_family = AF_PACKET;
  name.sll_ifindex = static_cast<int>(if_nametoindex("far"));
  ASSERT_EQ(
      sendto(socket.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&name), sizeof(name)),
      static_cast<ssize_t>(packet.size()));
}

// Every Linux host takes the outer tag out of a frame it receives, before a packet socket sees the frame.
void expect_tag_restored(std::uint16_t tag_type) {
  on_wire([&](Wire& wire) {
    auto expected = unfinished_tagged_frame(tag_type);
    wire.peer.run([&] { send_unfinished(expected); });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_FALSE(wire.read().more);
    ASSERT_EQ(wire.arrived.frames.size(), 1U);
    const FrameRef& frame = wire.arrived.frames[0];
    EXPECT_EQ(load_be16(&frame.bytes()[12]), tag_type);
    expect_right_checksums(frame);
    expected[44] = frame.bytes()[44];
    expected[45] = frame.bytes()[45];
    EXPECT_TRUE(std::ranges::equal(frame.bytes(), expected)) << "changed beyond the checksum";
  });
}

TEST(PacketSocket, AVlanTagTakenOutByTheKernelIsPutBack) { expect_tag_restored(proto::ethertype::vlan); }

TEST(PacketSocket, AServiceTagKeepsItsType) { expect_tag_restored(proto::ethertype::service_vlan); }

TEST(PacketSocket, WrittenFramesReachTheLan) {
  on_wire([](Wire& wire) {
    std::optional<UdpSocket> receiver;
    wire.peer.run([&] { receiver = std::move(*UdpSocket::bind({.ip = ip("10.0.0.2"), .port = 27015})); });
    const auto datagram = [&](std::uint8_t number) {
      return wire.pool.copy(proto::test::ipv4_udp(
          test_mac(2), test_mac(9),
          {.source = ip("10.0.0.9"), .destination = ip("10.0.0.2"), .destination_port = 27015, .payload = {number}}));
    };
    std::vector<FrameRef> frames;
    for (std::uint8_t number = 0; number < 100; ++number) frames.push_back(datagram(number));
    EXPECT_EQ(wire.socket->write(frames), 0U);

    ReceiveBuffers buffers;
    std::vector<std::uint8_t> numbers;
    while (numbers.size() < 100 && test::wait_readable(receiver->fd()))
      for (const auto& packet : receiver->receive(buffers).packets) numbers.push_back(packet.data[0]);
    ASSERT_EQ(numbers.size(), 100U);
    EXPECT_TRUE(std::ranges::is_sorted(numbers));
    EXPECT_FALSE(wire.read().more);
    EXPECT_TRUE(wire.arrived.frames.empty()) << "heard its own frames";
  });
}

TEST(PacketSocket, AFrameTheInterfaceCannotCarryIsRefusedAndTheOthersAreSent) {
  on_wire([](Wire& wire) {
    std::optional<PacketSocket> far;
    wire.peer.run([&] { far = std::move(*PacketSocket::open("far")); });
    const auto frame = [&](std::size_t size) {
      return wire.pool.copy(
          proto::test::ethernet(test_mac(2), test_mac(9), proto::ethertype::softlan, proto::test::pattern(size - 14)));
    };
    const std::vector<FrameRef> frames = {frame(60), frame(1522), frame(1514)};
    EXPECT_EQ(wire.socket->write(frames), 1U);
    ASSERT_TRUE(test::wait_readable(far->fd()));
    EXPECT_FALSE(far->read(wire.pool, wire.arrived, 100).more);
    ASSERT_EQ(wire.arrived.frames.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(wire.arrived.frames[1].bytes(), frames[2].bytes()));
  });
}

TEST(PacketSocket, ReadsNoMoreThanAskedAndSaysSo) {
  on_wire([](Wire& wire) {
    wire.peer.run([] {
      for (int i = 0; i < 40; ++i) test::send_udp("10.0.0.1", 5000, 10);
    });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_TRUE(wire.read(20).more);
    EXPECT_EQ(wire.arrived.frames.size(), 20U);
    EXPECT_FALSE(wire.read().more);
    EXPECT_EQ(wire.arrived.frames.size(), 40U);
  });
}

TEST(PacketSocket, AnEmptyPoolDropsAndCounts) {
  on_wire([](Wire& wire) {
    wire.peer.run([] { test::send_udp("10.0.0.1", 5000, 10); });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    FramePool empty(0);
    EXPECT_EQ(wire.socket->read(empty, wire.arrived, 100).no_buffer, 1U);
  });
}

TEST(PacketSocket, HearsWhatIsMeantForOthers) {
  on_wire([](Wire&) { sh("ip -d link show lan | grep -q 'promiscuity 1'"); });
}

TEST(PacketSocket, HearsThisMachineItself) {
  on_wire([](Wire& wire) {
    test::send_udp("10.0.0.2", 5000, 777);
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_FALSE(wire.read().more);
    ASSERT_EQ(wire.arrived.frames.size(), 1U);
    expect_right_checksums(wire.arrived.frames[0]);
  });
}

TEST(PacketSocket, WithMembersOnlyTheirUnicastAndWhatIsForManyLeavesTheKernel) {
  on_wire([](Wire& wire) {
    const proto::Mac member = test_mac(9);
    const proto::Mac everybody = *proto::parse_mac("ff:ff:ff:ff:ff:ff");
    wire.socket->set_members({&member, 1});
    wire.peer.run([&] {
      auto far = PacketSocket::open("far");
      ASSERT_TRUE(far) << far.error().message;
      std::vector<FrameRef> frames;
      for (const auto& [to, from] : {std::pair{test_mac(1), test_mac(2)},
                                     {member, test_mac(2)},
                                     {test_mac(3), test_mac(2)},
                                     {everybody, test_mac(2)},
                                     {test_mac(3), member}})
        frames.push_back(wire.pool.copy(proto::test::ethernet(to, from, proto::ethertype::softlan, {})));
      EXPECT_EQ(far->write(frames), 0U);
    });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_FALSE(wire.read().more);
    ASSERT_EQ(wire.arrived.frames.size(), 3U);
    EXPECT_EQ(proto::parse_frame(wire.arrived.frames[0].bytes())->destination, member);
    EXPECT_EQ(proto::parse_frame(wire.arrived.frames[1].bytes())->destination, everybody);
    EXPECT_EQ(proto::parse_frame(wire.arrived.frames[2].bytes())->source, member);
  });
}

TEST(PacketSocket, AnInterfaceTakenDownIsNoticedAndHeardAgainOnceUp) {
  on_wire([](Wire& wire) {
    sh("ip link set lan down");
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    const auto result = wire.read();
    EXPECT_TRUE(result.down);
    EXPECT_FALSE(result.gone);
    const FrameRef frame = wire.pool.copy(proto::test::arp(test_mac(9), ip("10.0.0.9"), ip("10.0.0.2")));
    EXPECT_EQ(wire.socket->write(std::vector(3, frame)), 3U);

    sh("ip link set lan up");
    wire.peer.run([] { test::send_udp("10.0.0.1", 5000, 10); });
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_FALSE(wire.read().down);
    EXPECT_FALSE(wire.arrived.frames.empty());
  });
}

TEST(PacketSocket, AnInterfaceThatVanishedIsGone) {
  on_wire([](Wire& wire) {
    sh("ip link del lan");
    ASSERT_TRUE(test::wait_readable(wire.socket->fd()));
    EXPECT_TRUE(wire.read().gone);
  });
}

std::string refusal(const char* interface) {
  const auto socket = PacketSocket::open(interface);
  return socket ? "opened" : socket.error().message;
}

TEST(PacketSocketOpen, NamesTheInterfacesThatExistWhenOneDoesNot) {
  test::in_new_network([] {
    EXPECT_EQ(refusal("eth9"), "there is no interface eth9; this machine has no Ethernet interface");
    sh("ip link add port0 type veth peer name port1");
    EXPECT_EQ(refusal("eth9"), "there is no interface eth9; this machine has port0, port1");
    EXPECT_EQ(refusal("eth\n9"), "there is no interface eth?9; this machine has port0, port1");
  });
}

TEST(PacketSocketOpen, SaysHowToBringAnInterfaceUp) {
  test::in_new_network([] {
    sh("ip link add port0 type veth peer name port1");
    EXPECT_EQ(refusal("port0"), "port0 is down; bring it up with: ip link set port0 up");
    sh("ip link set port0 up");
    EXPECT_EQ(refusal("port0"), "opened") << "a missing cable is no error";
  });
}

TEST(PacketSocketOpen, MissingRightsAreSaidSo) {
  test::in_new_network([] {
    sh("ip link add port0 type veth peer name port1; ip link set port0 up");
    test::become_ordinary_user();
    EXPECT_EQ(refusal("port0"), "cannot listen on port0: this needs root or CAP_NET_RAW");
  });
}

TEST(PacketSocketOpen, TheLoopbackIsNotEthernet) {
  test::in_new_network([] { EXPECT_THAT(refusal("lo"), HasSubstr("lo is not an Ethernet interface")); });
}

}  // namespace
}  // namespace softlan::platform
