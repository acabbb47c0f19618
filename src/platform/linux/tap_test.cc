#include "platform/linux/tap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "platform/linux/interface.h"
#include "platform/linux/test_network.h"
#include "proto/ethernet.h"

namespace softlan::platform {
namespace {

using ::testing::HasSubstr;

constexpr proto::Mac kMac{{0x02, 0x00, 0x5e, 0x10, 0x00, 0x01}};

ifreq ask(const char* interface, unsigned long what) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::copy_n(interface, std::string_view(interface).size(), request.ifr_name);
  EXPECT_EQ(ioctl(socket.get(), what, &request), 0);
  return request;
}

// Runs `body` with a fresh TAP "player0" of MTU 1400, or skips where there may be none.
void with_tap(const std::function<void(Tap&)>& body) {
  if (access("/dev/net/tun", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/net/tun for this user";
  test::in_new_network([&] {
    test::sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    auto tap = Tap::create("player0", kMac, 1400);
    ASSERT_TRUE(tap) << tap.error().message;
    body(*tap);
  });
}

FrameRef broadcast_frame(FramePool& pool, std::size_t size) {
  FrameRef frame = pool.acquire(size);
  const MutableBytes bytes = frame.mutable_bytes();
  std::ranges::fill(bytes, std::uint8_t{0});
  std::ranges::fill(bytes.first(6), std::uint8_t{0xff});
  proto::Mac{{0x02, 0, 0, 0, 0, 0x99}}.store(bytes.data() + 6);
  store_be16(bytes.data() + 12, proto::ethertype::softlan);
  return frame;
}

TEST(Tap, HasTheMacAndMtuItWasGivenAndIsUp) {
  with_tap([](Tap& tap) {
    EXPECT_EQ(tap.name(), "player0");
    EXPECT_EQ(tap.index(), static_cast<int>(if_nametoindex("player0")));
    const ifreq hardware = ask("player0", SIOCGIFHWADDR);
    EXPECT_EQ(proto::Mac::load(reinterpret_cast<const std::uint8_t*>(hardware.ifr_hwaddr.sa_data)), kMac);
    EXPECT_EQ(ask("player0", SIOCGIFMTU).ifr_mtu, 1400);
    EXPECT_TRUE(interface_state("player0").up);
  });
}

TEST(Tap, IsACableThatIsPluggedInOnlyOnRequest) {
  with_tap([](Tap& tap) {
    EXPECT_FALSE(interface_state("player0").carrier);
    EXPECT_TRUE(tap.set_carrier(true));
    EXPECT_TRUE(interface_state("player0").carrier);
    EXPECT_TRUE(tap.set_carrier(false));
    EXPECT_FALSE(interface_state("player0").carrier);
  });
}

TEST(Tap, GoesWithItsObject) {
  with_tap([](Tap& tap) {
    {
      const Tap moved = std::move(tap);
    }
    EXPECT_FALSE(interface_state("player0").exists);
  });
}

TEST(Tap, GivesTheFramesTheMachineSends) {
  with_tap([](Tap& tap) {
    FramePool pool(100);
    std::vector<FrameRef> frames;
    ASSERT_TRUE(tap.set_carrier(true));
    test::sh("ip address add 10.0.0.1/24 dev player0; ip neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 dev player0");
    test::send_udp("10.0.0.2", 5000, 100);
    const auto result = tap.read(pool, frames, 64);
    EXPECT_FALSE(result.more);
    EXPECT_FALSE(result.gone);
    ASSERT_FALSE(frames.empty());
    const auto view = proto::parse_frame(frames.back().bytes());
    ASSERT_TRUE(view);
    EXPECT_EQ(view->source, kMac);
    EXPECT_EQ(view->ethertype, proto::ethertype::ipv4);
  });
}

// Two TAPs on a bridge: what is written into one is read from the other.
void with_bridged_taps(const std::function<void(Tap& first, Tap& second)>& body) {
  with_tap([&](Tap& first) {
    auto second = Tap::create("player1", proto::Mac{{0x02, 0, 0, 0, 0, 0x02}}, 1400);
    ASSERT_TRUE(second) << second.error().message;
    ASSERT_TRUE(first.set_carrier(true) && second->set_carrier(true));
    test::sh(
        "ip link add br0 type bridge mcast_snooping 0 stp_state 0 forward_delay 0; ip link set br0 mtu 1400 up;"
        "ip link set player0 master br0; ip link set player1 master br0");
    body(first, *second);
  });
}

TEST(Tap, WrittenFramesReachTheMachineUnchanged) {
  with_bridged_taps([](Tap& first, Tap& second) {
    FramePool pool(100);
    const FrameRef sent = broadcast_frame(pool, 1414);
    EXPECT_EQ(first.write(std::span(&sent, 1)), 0U);
    std::vector<FrameRef> frames;
    ASSERT_TRUE(test::wait_readable(second.fd()));
    EXPECT_FALSE(second.read(pool, frames, 64).more);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_TRUE(std::ranges::equal(frames[0].bytes(), sent.bytes()));
  });
}

TEST(Tap, ReadsNoMoreThanAskedAndSaysSo) {
  with_bridged_taps([](Tap& first, Tap& second) {
    FramePool pool(100);
    const std::vector<FrameRef> sent(5, broadcast_frame(pool, 60));
    EXPECT_EQ(first.write(sent), 0U);
    std::vector<FrameRef> frames;
    ASSERT_TRUE(test::wait_readable(second.fd()));
    EXPECT_TRUE(second.read(pool, frames, 2).more);
    EXPECT_EQ(frames.size(), 2U);
    EXPECT_FALSE(second.read(pool, frames, 64).more);
    EXPECT_EQ(frames.size(), 5U);
  });
}

TEST(Tap, AnEmptyPoolDropsAndCountsInsteadOfStalling) {
  with_bridged_taps([](Tap& first, Tap& second) {
    FramePool pool(100);
    FramePool empty(0);
    const std::vector<FrameRef> sent(3, broadcast_frame(pool, 60));
    EXPECT_EQ(first.write(sent), 0U);
    std::vector<FrameRef> frames;
    ASSERT_TRUE(test::wait_readable(second.fd()));
    EXPECT_EQ(second.read(empty, frames, 64).no_buffer, 3U);
    EXPECT_EQ(second.read(pool, frames, 64).no_buffer, 0U);
    EXPECT_TRUE(frames.empty());
  });
}

TEST(Tap, FramesThatArrivedUnderALargerMtuAreCountedAsOversized) {
  with_tap([](Tap& tap) {
    FramePool pool(100);
    std::vector<FrameRef> frames;
    ASSERT_TRUE(tap.set_carrier(true));
    test::sh(
        "ip link set player0 mtu 3000; ip address add 10.0.0.1/24 dev player0;"
        "ip neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 dev player0");
    test::send_udp("10.0.0.2", 5000, 2000);
    EXPECT_EQ(tap.read(pool, frames, 64).oversized, 1U);
  });
}

TEST(Tap, ADeletedInterfaceIsGoneAndRefusesFrames) {
  with_tap([](Tap& tap) {
    FramePool pool(100);
    std::vector<FrameRef> frames;
    test::sh("ip link del player0");
    EXPECT_TRUE(tap.read(pool, frames, 64).gone);
    const FrameRef frame = broadcast_frame(pool, 60);
    EXPECT_EQ(tap.write(std::span(&frame, 1)), 1U);
  });
}

TEST(Tap, ATakenNameIsSaidSo) {
  with_tap([](Tap&) {
    const auto second = Tap::create("player0", kMac, 1400);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message,
              "cannot create the TAP player0: an interface of that name exists; choose another with --tap");
  });
}

TEST(Tap, MissingRightsAreSaidSo) {
  with_tap([](Tap&) {
    test::become_ordinary_user();
    const auto second = Tap::create("player1", kMac, 1400);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message, "cannot create the TAP player1: creating a TAP needs root or CAP_NET_ADMIN");
  });
}

TEST(Tap, AnImpossibleNameIsSaidSo) {
  for (const char* name : {"", "a name", "much_too_long_a_name", "tap%d"}) {
    const auto tap = Tap::create(name, kMac, 1400);
    ASSERT_FALSE(tap);
    EXPECT_THAT(tap.error().message, HasSubstr("cannot be the name of an interface")) << name;
  }
}

TEST(Tap, AnImpossibleMtuIsSaidSoAndLeavesNothingBehind) {
  with_tap([](Tap&) {
    const auto second = Tap::create("player1", kMac, 20);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("an MTU of 20"));
    EXPECT_FALSE(interface_state("player1").exists);
  });
}

}  // namespace
}  // namespace softlan::platform
