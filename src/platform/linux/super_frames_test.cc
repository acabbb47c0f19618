// TCP, UDP and fragments between two machines whose only cable we are: from a TAP to another TAP, and from a TAP to a
// LAN. Whatever their kernels leave to a card, every byte arrives.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "platform/linux/offload_features.h"
#include "platform/linux/packet_socket.h"
#include "platform/linux/socket_name.h"
#include "platform/linux/socket_options.h"
#include "platform/linux/tap.h"
#include "platform/linux/test_network.h"
#include "platform/linux/udp_socket.h"
#include "proto/ethernet.h"
#include "proto/test_frames.h"

namespace softlan::platform {
namespace {

using proto::test::ip;
using proto::test::test_mac;
using test::sh;

constexpr std::size_t kFileSize = 3'000'000;
constexpr std::uint16_t kMtu = 1400;
constexpr std::size_t kLongest = 14 + 4 + kMtu;
const std::vector<std::string> kOffloads = {"tx-tcp-segmentation", "tx-tcp6-segmentation",   "tx-tcp-ecn-segmentation",
                                            "tx-udp-segmentation", "tx-checksum-ip-generic", "rx-gro"};

class Collector final : public proto::FrameSink {
 public:
  explicit Collector(std::vector<FrameRef>& frames) : frames_(frames) {}
  void on_frame(FrameRef frame) override { frames_.push_back(std::move(frame)); }

 private:
  std::vector<FrameRef>& frames_;
};

// What an interface of the present network namespace has received.
std::uint64_t packets_received(const std::string& interface) {
  std::ifstream table("/proc/thread-self/net/dev");
  for (std::string line; std::getline(table, line);) {
    const std::size_t colon = line.find(interface + ":");
    std::uint64_t bytes = 0, packets = 0;
    if (colon != std::string::npos &&
        std::sscanf(line.c_str() + colon + interface.size() + 1, "%lu %lu", &bytes, &packets) == 2)
      return packets;
  }
  return 0;
}

enum class FarEnd : std::uint8_t { tap, lan };

// Two machines: "player" on a TAP, "server" on a TAP or at the other end of our interface. Frames are carried only by
// carry().
struct Cable {
  test::Host player, server;
  FramePool pool{8192};
  std::optional<Tap> tap, far_tap;
  std::optional<PacketSocket> lan;
  std::vector<FrameRef> frames;
  std::size_t to_server = 0, to_player = 0;  // frames
  bool tagging = false;                      // puts a priority tag on every frame, which any Linux accepts

  explicit Cable(FarEnd far_end) {
    sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    player.run([&] { tap = std::move(*Tap::create("player0", test_mac(1), kMtu)); });
    EXPECT_TRUE(tap->set_carrier(true));
    if (far_end == FarEnd::tap) {
      server.run([&] { far_tap = std::move(*Tap::create("server0", test_mac(2), kMtu)); });
      EXPECT_TRUE(far_tap->set_carrier(true));
    } else {
      sh("ip link add lan mtu 1400 type veth peer name server0 address 02:00:00:00:00:02 netns " + server.path() +
         "; ip link set lan up");
      server.run([] { sh("ip link set server0 mtu 1400 up"); });
      lan = std::move(*PacketSocket::open("lan"));
    }
    name(player, "player0", "1");
    name(server, "server0", "2");
  }
  static void name(const test::Host& host, const std::string& card, const std::string& number) {
    host.run([&] {
      sh("ip address add 10.0.0." + number + "/24 dev " + card + "; ip address add fd00::" + number + "/64 dev " +
         card + " nodad");
    });
  }

  void switch_offloads_off() const {
    player.run([] { EXPECT_TRUE(switch_offloads("player0", kOffloads, false)); });
    server.run([] { EXPECT_TRUE(switch_offloads("server0", kOffloads, false)); });
    const auto off = lan ? switch_offloads("lan", kOffloads, false) : Result<void>{};
    EXPECT_TRUE(off);
  }

  // Once each way.
  void carry() {
    const auto read = tap->read(pool, frames, 256);
    EXPECT_EQ(read.oversized + read.no_buffer + read.bad_offload, 0U);
    treat();
    to_server += frames.size();
    EXPECT_EQ(far_tap ? far_tap->write(frames) : lan->write(frames), 0U);
    frames.clear();

    Collector collector(frames);
    if (far_tap) {
      (void)far_tap->read(pool, frames, 256);
    } else {
      (void)lan->read(pool, collector, 16);
    }
    treat();
    to_player += frames.size();
    EXPECT_EQ(tap->write(frames), 0U);
    frames.clear();
  }
  // Carries until `socket` has something to read.
  [[nodiscard]] bool carry_until_readable(int socket) { return carry_until(socket, POLLIN); }
  [[nodiscard]] bool carry_until(int socket, short event) {
    for (;;) {
      carry();
      pollfd watched[] = {{.fd = socket, .events = event, .revents = 0},
                          {.fd = tap->fd(), .events = POLLIN, .revents = 0},
                          {.fd = far_tap ? far_tap->fd() : lan->fd(), .events = POLLIN, .revents = 0}};
      if (poll(watched, std::size(watched), 5000) <= 0) return false;
      if (watched[0].revents != 0) return true;
    }
  }
  // Ordinary frames with right checksums, whatever they were made of.
  void treat() {
    for (FrameRef& frame : frames) {
      if (tagging) frame = pool.copy(proto::test::vlan({frame.bytes().begin(), frame.bytes().end()}, 0));
      EXPECT_LE(frame.size(), kLongest);
      const auto view = proto::parse_transport(*proto::parse_frame(frame.bytes()));
      if (!view || view->is_fragment || view->protocol != proto::test::kProtocolTcp) continue;
      const auto pseudo = proto::test::pseudo_sum(view->source, view->destination, view->protocol, view->header.size());
      EXPECT_EQ(proto::test::plain_sum(view->header, pseudo), 0xffffU);
    }
  }
};

void with_cables(const std::function<void(Cable&)>& body) {
  if (access("/dev/net/tun", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/net/tun for this user";
  for (const FarEnd far_end : {FarEnd::tap, FarEnd::lan}) {
    SCOPED_TRACE(far_end == FarEnd::tap ? "to a TAP" : "to a LAN");
    test::in_new_network([&] {
      Cable cable(far_end);
      body(cable);
    });
  }
}

std::vector<std::uint8_t> any_bytes(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  SeededRandom(size).fill(bytes);
  return bytes;
}

FileDescriptor tcp_socket(const IpAddress& address) {
  const int family = address.family == IpAddress::Family::v4 ? AF_INET : AF_INET6;
  return FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

struct Connection {
  FileDescriptor client, server;
};

Connection connect(Cable& cable, const IpAddress& server) {
  SocketName name;
  const socklen_t size = to_system({.ip = server, .port = 5000}, name);
  FileDescriptor listener;
  cable.server.run([&] {
    listener = tcp_socket(server);
    ASSERT_TRUE(set_option(listener.get(), SOL_SOCKET, SO_REUSEADDR, 1));
    ASSERT_EQ(bind(listener.get(), &name.any, size), 0);
    ASSERT_EQ(listen(listener.get(), 1), 0);
  });
  Connection made;
  cable.player.run([&] {
    made.client = tcp_socket(server);
    (void)::connect(made.client.get(), &name.any, size);
  });
  EXPECT_TRUE(cable.carry_until_readable(listener.get()));
  made.server = FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  EXPECT_TRUE(cable.carry_until(made.client.get(), POLLOUT));
  return made;
}

// Sends `file` as fast as TCP goes; what arrived of it.
std::vector<std::uint8_t> copy(Cable& cable, int from, int to, const std::vector<std::uint8_t>& file) {
  std::vector<std::uint8_t> arrived(file.size());
  std::size_t sent = 0, received = 0;
  while (received < file.size()) {
    const ssize_t more = send(from, &file[sent], file.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (more > 0) sent += static_cast<std::size_t>(more);
    if (!cable.carry_until_readable(to)) break;
    const ssize_t got = recv(to, &arrived[received], arrived.size() - received, MSG_DONTWAIT);
    if (got > 0) received += static_cast<std::size_t>(got);
  }
  EXPECT_EQ(received, file.size());
  return arrived;
}

// Both ways.
void expect_exact_copies(Cable& cable, const char* server) {
  SCOPED_TRACE(fmt::format("{}{}", server, cable.tagging ? " behind a tag" : ""));
  const Connection connection = connect(cable, ip(server));
  const auto file = any_bytes(kFileSize);
  EXPECT_TRUE(copy(cable, connection.client.get(), connection.server.get(), file) == file);
  EXPECT_TRUE(copy(cable, connection.server.get(), connection.client.get(), file) == file);
}

void expect_exact_copies_of_every_kind(Cable& cable) {
  for (const bool tagging : {false, true}) {
    cable.tagging = tagging;
    for (const char* server : {"10.0.0.2", "fd00::2"}) expect_exact_copies(cable, server);
  }
}

TEST(SuperFrames, TcpArrivesExactlyOverIpv4AndIpv6WithATagAndWithout) {
  with_cables(expect_exact_copies_of_every_kind);
}

TEST(SuperFrames, TcpArrivesExactlyWithoutAnyOffload) {
  with_cables([](Cable& cable) {
    cable.switch_offloads_off();
    expect_exact_copies_of_every_kind(cable);
  });
}

TEST(SuperFrames, TheServerGetsFarFewerPacketsThanTheCableCarriedFrames) {
  with_cables([](Cable& cable) {
    expect_exact_copies(cable, "10.0.0.2");
    EXPECT_GT(cable.to_server, kFileSize / kMtu);
    cable.server.run([&] { EXPECT_LT(packets_received("server0"), cable.to_server / 2); });
    cable.player.run([&] { EXPECT_LT(packets_received("player0"), cable.to_player / 2); });
  });
}

TEST(SuperFrames, WhatTheKernelHadToCutIsNotHeardAgain) {
  test::in_new_network([] {
    Cable cable(FarEnd::lan);
    cable.switch_offloads_off();
    const Connection connection = connect(cable, ip("10.0.0.2"));
    const auto file = any_bytes(kFileSize);
    cable.to_player = 0;
    EXPECT_TRUE(copy(cable, connection.client.get(), connection.server.get(), file) == file);
    EXPECT_LT(cable.to_player, cable.to_server * 2 / 3) << "more than acknowledgements";
  });
}

// From now on the kernel answers `call` with EINVAL when it gets more than `most` pieces or messages.
void refuse_more_than(std::uint32_t most, std::uint32_t call) {
  sock_filter program[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                           BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
                           BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
                           BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, most, 0, 1),
                           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
                           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{.len = std::size(program), .filter = program};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

std::vector<FrameRef> five_segments(FramePool& pool) {
  std::vector<FrameRef> frames;
  proto::test::Tcp tcp{.payload = proto::test::pattern(1000)};
  for (; frames.size() < 5; ++tcp.id, tcp.sequence += 1000)
    frames.push_back(pool.copy(proto::test::ipv4_tcp(test_mac(2), test_mac(1), tcp)));
  return frames;
}

TEST(SuperFrames, WhenTheKernelRefusesOneTheSegmentsAreWrittenSingly) {
  with_cables([](Cable& cable) {
    const auto frames = five_segments(cable.pool);
    const auto packets = [&] {
      std::uint64_t received = 0;
      cable.server.run([&] { received = packets_received("server0"); });
      return received;
    };
    const auto write = [&] { return cable.far_tap ? cable.far_tap->write(frames) : cable.lan->write(frames); };
    EXPECT_EQ(write(), 0U);
    EXPECT_EQ(packets(), 1U);
    if (cable.far_tap) {
      refuse_more_than(2, SYS_writev);
    } else {
      refuse_more_than(0, SYS_sendmmsg);
    }
    EXPECT_EQ(write(), 0U);
    EXPECT_EQ(packets(), 6U);
    if (!cable.far_tap) return;  // no socket could send anything now
    EXPECT_EQ(write(), 0U);
    EXPECT_EQ(packets(), 11U);
  });
}

TEST(SuperFrames, UdpArrivesExactlyAloneFragmentedAndInRuns) {
  with_cables([](Cable& cable) {
    SocketName name;
    const socklen_t size = to_system({.ip = ip("10.0.0.2"), .port = 5000}, name);
    FileDescriptor receiver, sender;
    cable.server.run([&] {
      receiver = FileDescriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ASSERT_EQ(bind(receiver.get(), &name.any, size), 0);
    });
    cable.player.run([&] { sender = FileDescriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); });

    const auto arrive = [&](const std::vector<std::uint8_t>& wanted) {
      std::vector<std::uint8_t> arrived(wanted.size() + 1);
      ASSERT_TRUE(cable.carry_until_readable(receiver.get()));
      arrived.resize(
          static_cast<std::size_t>(std::max<ssize_t>(0, recv(receiver.get(), arrived.data(), arrived.size(), 0))));
      EXPECT_TRUE(arrived == wanted);
    };
    for (const std::size_t length : {1U, 1300U, 9000U}) {
      const auto data = any_bytes(length);
      ASSERT_EQ(sendto(sender.get(), data.data(), data.size(), 0, &name.any, size), static_cast<ssize_t>(length));
      arrive(data);
    }
    ASSERT_TRUE(set_option(sender.get(), IPPROTO_UDP, UDP_SEGMENT, 1000));
    const auto run = any_bytes(4500);
    if (sendto(sender.get(), run.data(), run.size(), 0, &name.any, size) != 4500) return;  // Linux before 4.18
    for (std::size_t at = 0; at < run.size(); at += 1000) {
      const auto begin = run.begin() + static_cast<std::ptrdiff_t>(at);
      arrive({begin, begin + std::min<std::ptrdiff_t>(1000, run.end() - begin)});
    }
  });
}

}  // namespace
}  // namespace softlan::platform
