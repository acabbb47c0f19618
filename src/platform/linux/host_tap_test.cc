#include "platform/linux/host_tap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "platform/linux/interface.h"
#include "platform/linux/packet_socket.h"
#include "platform/linux/test_network.h"
#include "platform/linux/udp_socket.h"
#include "proto/test_frames.h"

namespace softlan::platform {
namespace {

using proto::Mac;
using proto::test::Frame;
using proto::test::ip;
using proto::test::test_mac;
using test::sh;
using ::testing::HasSubstr;

const Mac kMember = test_mac(9);
const Mac kHost = test_mac(1);
const Mac kEverybody = *proto::parse_mac("ff:ff:ff:ff:ff:ff");

class Collector final : public proto::FrameSink {
 public:
  void on_frame(FrameRef frame) override { frames.push_back(std::move(frame)); }
  std::vector<FrameRef> frames;
};

EthernetLink link_of(const char* name) {
  return ethernet_link(static_cast<int>(if_nametoindex(name))).value_or(EthernetLink{});
}

// This machine's interface "lan" (10.0.0.1), with a packet socket and a host port on it.
struct Machine {
  FramePool pool{100};
  std::optional<PacketSocket> socket;
  std::optional<HostTap> port;
  std::optional<UdpSocket> service;

  Machine() {
    sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1; sysctl -qw net.ipv6.conf.default.disable_ipv6=1;"
       "ip link add lan address 02:00:00:00:00:01 type veth peer name far; ip link set far up; ip link set lan up;"
       "ip address add 10.0.0.1/24 dev lan; ip neighbour add 10.0.0.9 lladdr 02:00:00:00:00:09 dev lan");
    auto opened = PacketSocket::open("lan");
    EXPECT_TRUE(opened) << opened.error().message;
    if (opened) socket = std::move(*opened);
    auto host = HostTap::open(link_of("lan"));
    EXPECT_TRUE(host) << host.error().message;
    if (host) port = std::move(*host);
    service = std::move(*UdpSocket::bind({.ip = ip("0.0.0.0"), .port = 27015}));
  }

  [[nodiscard]] Frame datagram(const Mac& to, const char* address) const {
    return proto::test::ipv4_udp(
        to, kMember,
        {.source = ip("10.0.0.9"), .destination = ip(address), .destination_port = 27015, .payload = {1, 2, 3}});
  }
  void give(const Frame& frame) {
    const FrameRef held = pool.copy(frame);
    EXPECT_EQ(port->write({&held, 1}), 0U);
  }
  [[nodiscard]] std::size_t received() {
    ReceiveBuffers buffers;
    return service->receive(buffers).packets.size();
  }
  [[nodiscard]] std::size_t heard() {
    Collector collector;
    (void)socket->read(pool, collector, 100);
    return collector.frames.size();
  }
};

void on_machine(const std::function<void(Machine&)>& body) {
  if (access("/dev/net/tun", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/net/tun for this user";
  test::in_new_network([&] {
    Machine machine;
    if (machine.socket && machine.port) body(machine);
  });
}

TEST(HostTap, GivesThisMachineWhatIsForItAndForEverybody) {
  on_machine([](Machine& machine) {
    machine.give(machine.datagram(kHost, "10.0.0.1"));
    EXPECT_EQ(machine.received(), 1U);
    machine.give(machine.datagram(kEverybody, "10.0.0.255"));
    EXPECT_EQ(machine.received(), 1U);
  });
}

TEST(HostTap, GivesTcpInSuperFrames) {
  on_machine([](Machine& machine) {
    const FileDescriptor socket(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
    proto::test::Tcp tcp{.source = ip("10.0.0.9"), .destination = ip("10.0.0.1"), .payload = Frame(1000, 'x')};
    std::vector<FrameRef> segments;
    for (; segments.size() < 5; ++tcp.id, tcp.sequence += 1000)
      segments.push_back(machine.pool.copy(proto::test::ipv4_tcp(kHost, kMember, tcp)));
    EXPECT_EQ(machine.port->write(segments), 0U);
    std::vector<char> packet(10'000);
    packet.resize(static_cast<std::size_t>(std::max<ssize_t>(0, recv(socket.get(), packet.data(), packet.size(), 0))));
    ASSERT_EQ(packet.size(), 20U + 20U + 5000U);
    EXPECT_EQ(std::count(packet.begin() + 40, packet.end(), 'x'), 5000);
  });
}

TEST(HostTap, WhatIsForAnotherIsNotTakenForThisMachines) {
  on_machine([](Machine& machine) {
    machine.give(machine.datagram(test_mac(7), "10.0.0.1"));
    EXPECT_EQ(machine.received(), 0U);
  });
}

TEST(HostTap, WhatItGaveIsNotHeardAgainOnTheInterface) {
  on_machine([](Machine& machine) {
    machine.give(machine.datagram(kHost, "10.0.0.1"));
    machine.give(machine.datagram(kEverybody, "10.0.0.255"));
    EXPECT_EQ(machine.heard(), 0U);
    machine.socket->set_members({&kMember, 1});
    machine.give(machine.datagram(kEverybody, "10.0.0.255"));
    EXPECT_EQ(machine.heard(), 0U);
  });
}

TEST(HostTap, AnAnswerLeavesByTheInterfaceAndIsHeard) {
  on_machine([](Machine& machine) {
    machine.give(proto::test::arp(kMember, ip("10.0.0.9"), ip("10.0.0.1")));
    ASSERT_TRUE(test::wait_readable(machine.socket->fd()));
    EXPECT_EQ(machine.heard(), 1U);
  });
}

TEST(HostTap, WhatIsTooShortForAFrameIsRefused) {
  on_machine([](Machine& machine) {
    const FrameRef frame = machine.pool.copy(Frame(11));
    EXPECT_EQ(machine.port->write({&frame, 1}), 1U);
  });
}

TEST(HostTap, LeavesNothingBehind) {
  on_machine([](Machine& machine) {
    EXPECT_TRUE(interface_state("lanparty-host0").exists);
    machine.port.reset();
    EXPECT_FALSE(interface_state("lanparty-host0").exists);
    sh("! tc qdisc show dev lan | grep clsact");
  });
}

TEST(HostTap, TwoGatewaysHaveOneEach) {
  on_machine([](Machine&) {
    const auto second = HostTap::open(link_of("lan"));
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_TRUE(interface_state("lanparty-host1").exists);
  });
}

TEST(HostTap, ABridgesPortIsSaidSo) {
  test::in_new_network([] {
    sh("ip link add lan type veth peer name far; ip link add vmbr0 type bridge; ip link set lan master vmbr0");
    const auto port = HostTap::open(link_of("lan"));
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().message, "lan is a part of vmbr0; run the gateway with --interface vmbr0");
  });
}

TEST(HostTap, MissingRightsAreSaidSo) {
  on_machine([](Machine&) {
    const EthernetLink lan = link_of("lan");
    test::become_ordinary_user();
    const auto second = HostTap::open(lan);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("needs root or CAP_NET_ADMIN"));
  });
}

TEST(EthernetLink, FollowsTheInterfaceWhenItIsRenamedAndChanged) {
  test::in_new_network([] {
    sh("ip link add lan address 02:00:00:00:00:01 type veth peer name far");
    EthernetLink link = link_of("lan");
    EXPECT_EQ(link.name, "lan");
    EXPECT_EQ(link.mac, kHost);
    EXPECT_FALSE(link.up);
    sh("ip link set lan name party; ip link set party address 02:00:00:00:00:07 up; ip link set far up");
    link = ethernet_link(link.index).value_or(EthernetLink{});
    EXPECT_EQ(link.name, "party");
    EXPECT_EQ(link.mac, test_mac(7));
    EXPECT_TRUE(link.up);
    EXPECT_TRUE(link.carrier);
    sh("ip link del party");
    EXPECT_EQ(ethernet_link(link.index), std::nullopt);
  });
}

}  // namespace
}  // namespace softlan::platform
