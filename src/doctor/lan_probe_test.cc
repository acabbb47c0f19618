#include "doctor/lan_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "proto/arp.h"
#include "proto/beacon.h"
#include "proto/checksum.h"
#include "proto/test_frames.h"

namespace softlan::doctor {
namespace {

using namespace std::chrono_literals;
using namespace proto::test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const proto::Mac kOwn = test_mac(1);
const proto::Mac kForeign = test_mac(0xf0);
const proto::Mac kHost = test_mac(5);
const IpAddress kHostAddress = ip("10.77.0.5");

class KeptFrames final : public LanPort {
 public:
  void send(Bytes frame) override { frames.emplace_back(frame.begin(), frame.end()); }
  [[nodiscard]] std::size_t arp_from(const proto::Mac& mac) const {
    return static_cast<std::size_t>(std::ranges::count_if(frames, [&](const Frame& frame) {
      const auto view = proto::parse_frame(frame).value();
      return view.source == mac && proto::parse_arp(view);
    }));
  }
  std::vector<Frame> frames;
};

struct Probing {
  explicit Probing(std::vector<IpAddress> hosts = {}, std::vector<IpAddress> own = {})
      : probe({.own = kOwn,
               .foreign = kForeign,
               .transaction = 77,
               .own_addresses = std::move(own),
               .hosts = std::move(hosts)},
              port) {
    probe.start(now);
  }
  void pass(Duration time) {
    const TimePoint end = now + time;
    while (probe.next_deadline() <= end) {
      now = probe.next_deadline();
      probe.on_deadline(now);
    }
    now = end;
  }
  const Lan& heard() { return probe.heard(); }

  TimePoint now{};
  KeptFrames port;
  LanProbe probe;
};

// An ARP answer of `from`, who has `address`.
Frame arp_answer(const proto::Mac& to, const proto::Mac& from, const IpAddress& address) {
  Frame frame = arp(from, address, ip("0.0.0.0"));
  to.store(frame.data());
  frame[21] = 2;
  return frame;
}

Frame offer(const proto::Mac& from, std::uint32_t transaction) {
  Frame frame = dhcp_ack(from, ip("10.77.0.100"), kForeign);
  constexpr std::size_t kMessageAt = 14 + 20 + 8;
  frame[kMessageAt + 240 + 9] = 2;
  store_be32(&frame[kMessageAt + 4], transaction);
  return frame;
}

TEST(LanProbe, AsksInNobodysNameFromBothMacs) {
  Probing probing({kHostAddress});
  ASSERT_EQ(probing.port.arp_from(kForeign), 1u);
  ASSERT_EQ(probing.port.arp_from(kOwn), 1u);
  const auto view = proto::parse_arp(proto::parse_frame(probing.port.frames[0]).value()).value();
  EXPECT_EQ(view.sender, ip("0.0.0.0"));
  EXPECT_EQ(view.target, kHostAddress);
}

TEST(LanProbe, ItsFramesAreComplete) {
  Probing probing;
  ASSERT_THAT(probing.port.frames, SizeIs(2));
  for (const Frame& frame : probing.port.frames) {
    const auto packet = proto::parse_packet(frame).value();
    EXPECT_EQ(packet.frame.source, kForeign);
    EXPECT_GE(frame.size(), 60u);
    ASSERT_EQ(packet.chain, proto::HeaderChain::whole);
    if (packet.transport.source.family == IpAddress::Family::v4) {
      EXPECT_EQ(plain_sum(packet.frame.payload.first(20)), 0xffffu);
    } else {
      EXPECT_EQ(plain_sum(packet.transport.header, pseudo_sum(packet.transport.source, packet.transport.destination,
                                                              kProtocolIcmpv6, packet.transport.header.size())),
                0xffffu);
    }
  }
}

TEST(LanProbe, AnAnswerToTheForeignMacIsToldFromOneToOurOwn) {
  Probing probing({kHostAddress});
  probing.probe.on_frame(arp_answer(kOwn, kHost, kHostAddress));
  EXPECT_TRUE(probing.heard().asked[0].own_heard);
  EXPECT_FALSE(probing.heard().asked[0].foreign_heard);
  probing.probe.on_frame(arp_answer(kForeign, kHost, kHostAddress));
  EXPECT_TRUE(probing.heard().asked[0].foreign_heard);
  EXPECT_THAT(probing.heard().asked[0].holders, ElementsAre(kHost));
}

TEST(LanProbe, WhoHasAnsweredIsNotAskedAgain) {
  Probing probing({kHostAddress});
  probing.probe.on_frame(arp_answer(kForeign, kHost, kHostAddress));
  probing.pass(5s);
  EXPECT_EQ(probing.port.arp_from(kForeign), 1u);
  EXPECT_EQ(probing.port.arp_from(kOwn), 4u);
}

TEST(LanProbe, IsOverAfterFiveSecondsAndFewFrames) {
  std::vector<IpAddress> hosts;
  for (std::uint8_t i = 1; i < 30; ++i) hosts.push_back({IpAddress::Family::v4, {10, 77, 0, i}});
  Probing probing(hosts);
  probing.pass(4900ms);
  EXPECT_FALSE(probing.probe.over());
  probing.pass(200ms);
  EXPECT_TRUE(probing.probe.over());
  EXPECT_EQ(probing.heard().listened, 5s);
  EXPECT_EQ(probing.port.frames.size(), 67u);
}

TEST(LanProbe, HostsHeardOfMeanwhileAreAskedToo) {
  Probing probing;
  probing.probe.on_frame(arp(kHost, kHostAddress, ip("10.77.0.9")));
  probing.probe.on_frame(offer(test_mac(6), 77));
  probing.pass(1s);
  EXPECT_EQ(probing.port.arp_from(kForeign), 2u);
}

TEST(LanProbe, OffersToOthersAreNotCounted) {
  Probing probing;
  probing.probe.on_frame(offer(kHost, 78));
  EXPECT_THAT(probing.heard().dhcp_servers, IsEmpty());
  probing.probe.on_frame(offer(kHost, 77));
  probing.probe.on_frame(offer(kHost, 77));
  EXPECT_THAT(probing.heard().dhcp_servers, ElementsAre(ip("192.0.2.1")));
}

TEST(LanProbe, ASecondHolderOfAnAddressIsKept) {
  Probing probing({kHostAddress}, {ip("10.77.0.20")});
  probing.probe.on_frame(arp_answer(kForeign, kHost, kHostAddress));
  probing.probe.on_frame(arp_answer(kForeign, test_mac(6), kHostAddress));
  probing.probe.on_frame(arp_answer(kForeign, test_mac(7), ip("10.77.0.20")));
  EXPECT_THAT(probing.heard().asked[0].holders, ElementsAre(kOwn, test_mac(7)));
  EXPECT_THAT(probing.heard().asked[1].holders, ElementsAre(kHost, test_mac(6)));
}

TEST(LanProbe, RoutersSpanningTreesAndGatewaysAreHeard) {
  Probing probing;
  FramePool pool(4);
  probing.probe.on_frame(router_advertisement(kHost));
  probing.probe.on_frame(llc(proto::Mac{{0x01, 0x80, 0xc2, 0, 0, 0}}, kHost,
                             Frame{0x42, 0x42, 0x03, 0, 0, 0, 0, 0, 0x80, 0, 2, 0, 0, 0, 0, 9}));
  probing.probe.on_frame(proto::make_beacon(pool, test_mac(3), {}).bytes());
  EXPECT_THAT(probing.heard().ipv6_routers, ElementsAre(ipv6_of(kHost)));
  EXPECT_EQ(probing.heard().spanning_tree_root, "32768.02:00:00:00:00:09");
  EXPECT_THAT(probing.heard().softlan_gateways, ElementsAre(test_mac(3)));
}

TEST(LanProbe, FramesThatComeBackEndItEarlyOnceTheyAreUnmistakable) {
  Probing probing;
  const Frame own = probing.port.frames[0];
  for (int i = 0; i < 1000; ++i) probing.probe.on_frame(own);
  probing.pass(1s);
  EXPECT_TRUE(probing.probe.over());
  EXPECT_EQ(probing.heard().returned, 1000u);
}

TEST(LanProbe, RepeatedBroadcastsAreCountedByFrame) {
  Probing probing;
  for (int i = 0; i < 3; ++i) probing.probe.on_frame(arp(kHost, kHostAddress, ip("10.77.0.9")));
  probing.probe.on_frame(arp(kHost, kHostAddress, ip("10.77.0.8")));
  EXPECT_EQ(probing.heard().broadcasts, 4u);
  EXPECT_EQ(probing.heard().most_repeats, 3u);
  EXPECT_EQ(probing.heard().repeated, kHost);
}

TEST(LanProbe, AnyFrameIsRead) {
  Probing probing({kHostAddress});
  SeededRandom random(7);
  const Frame seeds[] = {arp_answer(kForeign, kHost, kHostAddress), offer(kHost, 77), router_advertisement(kHost)};
  for (int i = 0; i < 20'000; ++i) {
    Frame frame = seeds[random.below(3)];
    frame[12 + random.below(frame.size() - 12)] = static_cast<std::uint8_t>(random.next_u64());
    frame.resize(random.below(frame.size() + 1));
    frame.shrink_to_fit();
    probing.probe.on_frame(frame);
  }
  EXPECT_LE(probing.heard().asked.size(), 8u);
}

}  // namespace
}  // namespace softlan::doctor
