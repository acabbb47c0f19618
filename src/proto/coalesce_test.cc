#include "proto/coalesce.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "proto/checksum.h"
#include "proto/ethernet.h"
#include "proto/flow_key.h"
#include "proto/test_bundles.h"

namespace softlan::proto {
namespace {

using namespace test;

const Mac kTo = test_mac(1);
const Mac kFrom = test_mac(2);

constexpr std::uint8_t kPushAck = 0x18;
constexpr std::size_t kIpAt = 14;
constexpr std::size_t kTcpAt = kIpAt + 20;

// A batch of frames and what became of it. Each bundle, cut again, is what it was made of.
struct Batch {
  FramePool pool{4096};
  Coalescer coalescer;
  std::vector<FrameRef> frames;

  Batch() = default;
  explicit Batch(const std::vector<Frame>& given) { add(given); }
  void add(const std::vector<Frame>& given) {
    for (const Frame& frame : given) frames.push_back(pool.copy(frame));
  }
  std::span<const Bundle> bundles() {
    const auto made = coalescer.bundle(frames);
    for (const Bundle& bundle : made) {
      EXPECT_EQ(cut_again(bundle), frames_of(bundle));
    }
    return made;
  }
  // How many frames each bundle holds.
  std::vector<std::size_t> sizes() {
    std::vector<std::size_t> sizes;
    for (const Bundle& bundle : bundles()) sizes.push_back(bundle.frames.size());
    return sizes;
  }
};

using Sizes = std::vector<std::size_t>;

// One sender's segments, in order; every next() goes on where the last one ended.
struct Flow {
  Tcp tcp = {.sequence = 0xffff'f000, .options = Frame(12, 1), .id = 0xfffe};
  bool v6 = false;

  Frame next(std::size_t size, std::uint8_t flags = 0x10) {
    tcp.payload = pattern(size);
    tcp.flags = flags;
    Frame frame = v6 ? ipv6_tcp(kTo, kFrom, tcp) : ipv4_tcp(kTo, kFrom, tcp);
    tcp.sequence += static_cast<std::uint32_t>(size);
    ++tcp.id;
    return frame;
  }
  std::vector<Frame> next_of(std::size_t count, std::size_t size) {
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < count; ++i) frames.push_back(next(size));
    return frames;
  }
};

// An untagged TCP frame over IPv4 after a change, with its checksums right again.
Frame with_checksums(Frame frame) {
  store_be16(&frame[kIpAt + 10], 0);
  store_be16(&frame[kIpAt + 10], static_cast<std::uint16_t>(~plain_sum(Bytes(frame).subspan(kIpAt, 20))));
  store_be16(&frame[kTcpAt + 16], 0);
  const auto view = parse_transport(*parse_frame(frame));
  const std::uint32_t pseudo = pseudo_sum(view->source, view->destination, kProtocolTcp, frame.size() - kTcpAt);
  const std::uint32_t sum = plain_sum(Bytes(frame).subspan(kTcpAt), pseudo);
  store_be16(&frame[kTcpAt + 16], static_cast<std::uint16_t>(~sum));
  return frame;
}

TEST(Coalescer, MakesOneSuperFrameOfSegmentsInARow) {
  for (const bool v6 : {false, true}) {
    Flow flow{.v6 = v6};
    Batch batch(flow.next_of(10, 1400));
    batch.add({flow.next(700, kPushAck)});
    ASSERT_EQ(batch.sizes(), Sizes{11});
    const auto [header, frame] = written(batch.bundles()[0]);
    EXPECT_EQ(header.gso_type, v6 ? VirtioNetHeader::kGsoTcp6 : VirtioNetHeader::kGsoTcp4);
    EXPECT_EQ(header.gso_size, 1400);
    EXPECT_EQ(header.header_length, v6 ? 86 : 66);
    EXPECT_EQ(header.checksum_start, v6 ? 54 : 34);
    EXPECT_EQ(frame.size(), header.header_length + 14'700U);
  }
}

TEST(Coalescer, LeavesTheSumOfThePseudoHeaderWhereTheCardWantsIt) {
  Flow flow;
  Batch batch(flow.next_of(3, 1000));
  const auto [header, frame] = written(batch.bundles()[0]);
  EXPECT_EQ(header.flags, VirtioNetHeader::kNeedsChecksum);
  EXPECT_EQ(load_be16(&frame[std::size_t{header.checksum_start} + header.checksum_offset]),
            pseudo_sum(ipv4_of(kFrom), ip("192.0.2.2"), kProtocolTcp, 32 + 3000));
  EXPECT_EQ(plain_sum(Bytes(frame).subspan(kIpAt, 20)), 0xffffU);
}

TEST(Coalescer, KeepsTagsAndPutsItsOwnInFront) {
  Flow flow;
  Batch batch;
  for (const Frame& frame : flow.next_of(3, 1000)) batch.add({vlan(vlan(frame, 7), 8, ethertype::service_vlan)});
  EXPECT_EQ(batch.sizes(), Sizes{3});

  batch.frames.clear();
  batch.add(flow.next_of(3, 1000));
  batch.add({ipv4_udp(kTo, kFrom), Frame(11)});
  batch.coalescer.put_tag(ethertype::service_vlan, 0xf000);
  const auto bundles = batch.coalescer.bundle(batch.frames);
  ASSERT_EQ(bundles.size(), 3U);
  const auto cut = cut_again(bundles[0]);
  ASSERT_EQ(cut.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(cut[i], vlan(bytes_of(batch.frames[i]), 0xf000, ethertype::service_vlan));
  EXPECT_EQ(written(bundles[1]).second, vlan(ipv4_udp(kTo, kFrom), 0xf000, ethertype::service_vlan));
  EXPECT_EQ(written(bundles[2]).second, Frame(11)) << "too short to have addresses";
}

TEST(Coalescer, AShorterSegmentAndAPushEndARun) {
  Flow flow;
  Batch batch({flow.next(1448), flow.next(1000), flow.next(1448), flow.next(1448, kPushAck), flow.next(1448)});
  EXPECT_EQ(batch.sizes(), (Sizes{2, 2, 1}));
  Batch longer({flow.next(1000), flow.next(1448), flow.next(1448)});
  EXPECT_EQ(longer.sizes(), (Sizes{1, 2}));
}

TEST(Coalescer, FlowsMayAlternate) {
  Flow first, second{.tcp = {.source_port = 2}};
  Batch batch;
  for (int i = 0; i < 5; ++i) batch.add({first.next(1000), ipv4_udp(kTo, kFrom), second.next(1400)});
  EXPECT_EQ(batch.sizes(), (Sizes{5, 1, 5, 1, 1, 1, 1}));
}

TEST(Coalescer, WhatMayBelongToAnyFlowIsNotOvertaken) {
  const Ipv4 fragment{.protocol = kProtocolTcp, .more_fragments = true, .payload = pattern(64)};
  const Ipv4 with_options{.protocol = kProtocolTcp, .options = Frame(4, 1), .payload = pattern(64)};
  const Frame behind_options = ipv6_tcp(kTo, kFrom, {.extensions = {hop_by_hop()}});
  for (const Frame& frame : {ipv4(kTo, kFrom, fragment), ipv4(kTo, kFrom, with_options), behind_options,
                             arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2")), Frame(13)}) {
    Flow flow;
    Batch batch({flow.next(1000), flow.next(1000), frame, flow.next(1000), flow.next(1000)});
    EXPECT_EQ(batch.sizes(), (Sizes{2, 1, 2}));
  }
}

TEST(Coalescer, AnswersOfTheSameConnectionAreAnotherFlow) {
  Flow flow;
  Batch batch;
  for (int i = 0; i < 4; ++i)
    batch.add({flow.next(1000), ipv4_tcp(kFrom, kTo, {.source_port = 27015, .destination_port = 40000})});
  EXPECT_EQ(batch.sizes(), (Sizes{4, 1, 1, 1, 1}));
}

// The second of two segments, changed in one way; `change` finds it behind an Ethernet header alone.
TEST(Coalescer, OnlySegmentsThatDifferInNothingElseAreJoined) {
  const std::map<std::string, std::function<void(Frame&)>> changes = {
      {"destination MAC", [](Frame& frame) { ++frame[5]; }},
      {"source MAC", [](Frame& frame) { ++frame[11]; }},
      {"type of service", [](Frame& frame) { frame[kIpAt + 1] = 3; }},
      {"id", [](Frame& frame) { frame[kIpAt + 5] ^= 1; }},
      {"do not fragment", [](Frame& frame) { frame[kIpAt + 6] = 0x40; }},
      {"time to live", [](Frame& frame) { --frame[kIpAt + 8]; }},
      {"sequence", [](Frame& frame) { ++frame[kTcpAt + 7]; }},
      {"acknowledgement", [](Frame& frame) { ++frame[kTcpAt + 11]; }},
      {"reserved bits", [](Frame& frame) { frame[kTcpAt + 12] |= 1; }},
      {"FIN", [](Frame& frame) { frame[kTcpAt + 13] |= 0x01; }},
      {"CWR", [](Frame& frame) { frame[kTcpAt + 13] |= 0x80; }},
      {"no ACK", [](Frame& frame) { frame[kTcpAt + 13] = 0; }},
      {"window", [](Frame& frame) { ++frame[kTcpAt + 15]; }},
      {"urgent pointer", [](Frame& frame) { ++frame[kTcpAt + 19]; }},
      {"options", [](Frame& frame) { ++frame[kTcpAt + 22]; }},
  };
  for (const auto& [name, change] : changes) {
    Flow flow;
    const Frame first = flow.next(1000);
    Frame second = flow.next(1000);
    change(second);
    Batch batch({first, with_checksums(second), flow.next(1000)});
    EXPECT_EQ(batch.sizes(), (Sizes{1, 1, 1})) << name;
  }
}

TEST(Coalescer, ASegmentWithAWrongChecksumStaysAlone) {
  for (const std::size_t byte : {kIpAt + 10, kTcpAt + 16, kTcpAt + 500}) {
    Flow flow;
    std::vector<Frame> frames = flow.next_of(5, 1000);
    ++frames[2][byte];
    Batch batch(frames);
    EXPECT_EQ(batch.sizes(), (Sizes{2, 1, 2})) << byte;
  }
}

TEST(Coalescer, AChecksumOfAllOnesIsNotTakenForZero) {
  Flow flow;
  const Frame first = flow.next(1000);
  Frame second = flow.next(1000);
  const std::uint32_t sum = load_be16(&second[kTcpAt + 16]) + load_be16(&second[kTcpAt + 40]);
  store_be16(&second[kTcpAt + 16], 0xffff);
  store_be16(&second[kTcpAt + 40], static_cast<std::uint16_t>((sum & 0xffff) + (sum >> 16)));
  const auto view = parse_transport(*parse_frame(second));
  ASSERT_EQ(plain_sum(view->header, pseudo_sum(view->source, view->destination, kProtocolTcp, view->header.size())),
            0xffffU);
  EXPECT_EQ(Batch({first, second}).sizes(), (Sizes{1, 1}));
}

TEST(Coalescer, PaddingAndBareAcknowledgementsAreLeftAlone) {
  Flow flow;
  Frame padded = flow.next(1000);
  padded.resize(padded.size() + 2);
  EXPECT_EQ(Batch({flow.next(1000), flow.next(0), flow.next(1000), padded}).sizes(), (Sizes{1, 1, 1, 1}));
  EXPECT_EQ(Batch(flow.next_of(3, 255)).sizes(), (Sizes{1, 1, 1})) << "too small to be worth it";
}

TEST(Coalescer, ASuperFrameHasAtMost65535Bytes) {
  Flow flow;
  EXPECT_EQ(Batch(flow.next_of(60, 1448)).sizes(), (Sizes{45, 15}));
  EXPECT_EQ(Batch(flow.next_of(256, 256)).sizes(), (Sizes{255, 1}));
}

TEST(Coalescer, FramesTooLongForTheSinkStayAlone) {
  Batch batch;
  batch.coalescer = Coalescer(1514);
  Flow flow;
  const auto fitting = flow.next_of(2, 1448);
  batch.add(fitting);
  for (const Frame& frame : flow.next_of(2, 1448)) batch.add({vlan(frame, 7)});
  batch.add(flow.next_of(2, 1449));
  EXPECT_EQ(batch.sizes(), (Sizes{2, 2, 1, 1}));
}

TEST(Coalescer, BeyondEightFlowsAtATimeFewerAreJoined) {
  std::vector<Flow> flows(9);
  Batch batch;
  for (std::size_t round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < flows.size(); ++i) {
      flows[i].tcp.source_port = static_cast<std::uint16_t>(i);
      batch.add({flows[i].next(1000)});
    }
  }
  std::size_t frames = 0;
  for (const std::size_t size : batch.sizes()) frames += size;
  EXPECT_EQ(frames, 27U);
}

TEST(Coalescer, OnceStoppedEveryFrameLeavesByItself) {
  Flow flow;
  Batch batch(flow.next_of(3, 1000));
  batch.coalescer.stop();
  EXPECT_TRUE(batch.coalescer.stopped());
  EXPECT_EQ(batch.sizes(), (Sizes{1, 1, 1}));
}

// ---- anything at all

class Sender {
 public:
  explicit Sender(std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      flows_[i].v6 = i % 3 == 0;
      flows_[i].tcp.source_port = static_cast<std::uint16_t>(i);
    }
  }
  // Mostly bulk, now and then something odd or broken.
  Frame frame() {
    Flow& flow = flows_[random_.below(flows_.size())];
    const std::size_t size = random_.below(6) > 0 ? 600 : random_.below(1400);
    Frame frame = flow.next(size, random_.below(8) > 0 ? 0x10 : static_cast<std::uint8_t>(random_.next_u64()));
    if (random_.below(20) == 0) flow.tcp.sequence -= 7;
    if (random_.below(20) == 0) frame = ipv4_udp(kTo, kFrom);
    if (random_.below(20) == 0) frame = vlan(frame, 7);
    if (random_.below(20) == 0) frame[random_.below(frame.size())] ^= 0x11;
    if (random_.below(40) == 0) frame.resize(random_.below(frame.size() + 40));
    if (random_.below(40) == 0 && frame.size() > 60) frame = with_any_header(frame);
    return frame;
  }

 private:
  // Odd, but with right checksums where there can be any.
  Frame with_any_header(Frame frame) {
    frame[kIpAt + random_.below(40)] = static_cast<std::uint8_t>(random_.next_u64());
    const auto view = parse_packet(frame);
    const bool plain = view && view->chain == HeaderChain::whole && view->transport.carries(kProtocolTcp) &&
                       view->frame.ethertype == ethertype::ipv4 && frame[kIpAt] == 0x45;
    return plain && view->frame.vlan_tags == 0 ? with_checksums(frame) : frame;
  }

  SeededRandom random_;
  std::array<Flow, 5> flows_;
};

std::map<std::uint64_t, std::vector<Frame>> by_flow(const std::vector<Frame>& frames) {
  std::map<std::uint64_t, std::vector<Frame>> flows;
  for (const Frame& frame : frames) flows[flow_key(frame, 1)].push_back(frame);
  return flows;
}

TEST(Coalescer, WhateverComesEveryFrameLeavesUnchangedAndInItsFlowsOrder) {
  std::size_t joined = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Sender sender(seed);
    std::vector<Frame> sent(1 + seed % 64);
    for (Frame& frame : sent) frame = sender.frame();
    std::erase_if(sent, [](const Frame& frame) { return frame.size() > kMaxFrameSize; });
    Batch batch(sent);
    std::vector<Frame> received;
    for (const Bundle& bundle : batch.bundles()) {
      for (Frame& frame : cut_again(bundle)) received.push_back(std::move(frame));
      joined += bundle.frames.size() - 1;
    }
    ASSERT_EQ(by_flow(received), by_flow(sent)) << "seed " << seed;
  }
  EXPECT_GT(joined, 20'000U) << "hardly anything was tried";
}

}  // namespace
}  // namespace softlan::proto
