#include "proto/offload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "proto/ethernet.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using namespace test;

const Mac kFrom = test_mac(1);
const Mac kTo = test_mac(2);

constexpr std::uint8_t kFinPushAck = 0x19;
constexpr std::uint8_t kCwr = 0x80;

class Collector final : public FrameSink {
 public:
  void on_frame(FrameRef frame) override { frames.emplace_back(frame.bytes().begin(), frame.bytes().end()); }
  std::vector<Frame> frames;
};

struct Outcome {
  SegmentFault fault = SegmentFault::none;
  std::vector<Frame> frames;
};

Outcome ordinary(Frame frame, const VirtioNetHeader& header) {
  FramePool pool(4);
  Collector collector;
  const SegmentFault fault = make_ordinary(frame, header, pool, collector);
  return {fault, collector.frames};
}

std::vector<Frame> just(const Frame& frame) { return {frame}; }

// Where the transport header of a well-formed frame begins.
std::size_t transport_at(const Frame& frame) {
  return static_cast<std::size_t>(parse_transport(*parse_frame(frame))->header.data() - frame.data());
}

// What the kernel says of `frame` when it leaves the checksum to the hardware: the field holds the pseudo header's sum.
VirtioNetHeader leave_checksum_to_hardware(Frame& frame) {
  const auto transport = *parse_transport(*parse_frame(frame));
  VirtioNetHeader header;
  header.flags = VirtioNetHeader::kNeedsChecksum;
  header.checksum_start = static_cast<std::uint16_t>(transport_at(frame));
  header.checksum_offset = transport.protocol == kProtocolTcp ? 16 : transport.protocol == kProtocolUdp ? 6 : 2;
  const std::uint32_t sum =
      pseudo_sum(transport.source, transport.destination, transport.protocol, transport.header.size());
  store_be16(&frame[std::size_t{header.checksum_start} + header.checksum_offset], static_cast<std::uint16_t>(sum));
  return header;
}

VirtioNetHeader segmented(Frame& frame, std::uint8_t type, std::uint16_t size) {
  VirtioNetHeader header = leave_checksum_to_hardware(frame);
  header.gso_type = type;
  header.gso_size = size;
  return header;
}

Frame slice(const Frame& bytes, std::size_t offset, std::size_t size) {
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size()));
  return {begin, begin + std::min(static_cast<std::ptrdiff_t>(size), bytes.end() - begin)};
}

// The frames a sender without offloads would have sent, from the same builders as the super-frame.
template <typename Build>
std::vector<Frame> tcp_segments(const Build& build, const Tcp& whole, std::size_t size) {
  std::vector<Frame> frames;
  for (std::size_t offset = 0; offset < whole.payload.size(); offset += size) {
    Tcp part = whole;
    part.payload = slice(whole.payload, offset, size);
    part.sequence += static_cast<std::uint32_t>(offset);
    part.id = static_cast<std::uint16_t>(part.id + frames.size());
    if (offset + size < whole.payload.size()) part.flags &= 0xf6;  // neither FIN nor PSH
    if (offset > 0) part.flags &= 0x7f;                            // no CWR
    frames.push_back(build(part));
  }
  return frames;
}

TEST(FinishChecksum, WritesWhatTheSenderWouldHave) {
  for (const Frame& finished : {ipv4_tcp(kTo, kFrom, {.payload = pattern(101)}), vlan(ipv4_udp(kTo, kFrom), 7),
                                ipv6_udp(kTo, kFrom), ipv6_tcp(kTo, kFrom), ipv6_icmp(kTo, kFrom, 128)}) {
    Frame frame = finished;
    const VirtioNetHeader header = leave_checksum_to_hardware(frame);
    EXPECT_TRUE(finish_checksum(frame, header));
    EXPECT_EQ(frame, finished);
  }
}

TEST(FinishChecksum, NeverWritesZeroWhichUdpReadsAsNone) {
  // Two bytes of payload that make the sum all ones.
  Frame frame = ipv4_udp(kTo, kFrom, {.payload = {0, 0}});
  const std::uint16_t checksum = load_be16(&frame[14 + 20 + 6]);
  store_be16(&frame[14 + 20 + 8], checksum);
  const VirtioNetHeader header = leave_checksum_to_hardware(frame);
  EXPECT_TRUE(finish_checksum(frame, header));
  EXPECT_EQ(load_be16(&frame[14 + 20 + 6]), 0xffff);
}

TEST(FinishChecksum, RefusesOffsetsOutsideTheFrame) {
  Frame frame = ipv4_udp(kTo, kFrom);
  const auto size = static_cast<std::uint16_t>(frame.size());
  const auto finish = [&](std::uint16_t start, std::uint16_t offset) {
    VirtioNetHeader header;
    header.flags = VirtioNetHeader::kNeedsChecksum;
    header.checksum_start = start;
    header.checksum_offset = offset;
    return finish_checksum(frame, header);
  };
  EXPECT_TRUE(finish(0, static_cast<std::uint16_t>(size - 2)));
  EXPECT_FALSE(finish(0, static_cast<std::uint16_t>(size - 1)));
  EXPECT_FALSE(finish(size, 0));
  EXPECT_FALSE(finish(0xffff, 0xffff));
}

TEST(MakeOrdinary, PassesAnOrdinaryFrameUntouched) {
  const Frame frame = ipv4_udp(kTo, kFrom);
  const Outcome outcome = ordinary(frame, {});
  EXPECT_EQ(outcome.fault, SegmentFault::none);
  EXPECT_EQ(outcome.frames, just(frame));
}

TEST(MakeOrdinary, FinishesTheChecksumOfAPlainFrame) {
  const Frame finished = ipv4_udp(kTo, kFrom, {.payload = pattern(301)});
  Frame frame = finished;
  const VirtioNetHeader header = leave_checksum_to_hardware(frame);
  EXPECT_EQ(ordinary(frame, header).frames, just(finished));
}

TEST(MakeOrdinary, CutsTcp4SuperFramesBehindVlanTags) {
  const Tcp tcp{.sequence = 0xffff'f000,  // wraps on the way
                .flags = kCwr | kFinPushAck,
                .options = Frame(12, 1),
                .payload = pattern(20'011),
                .id = 0xfffe};
  for (int tags = 0; tags <= 2; ++tags) {
    const auto build = [&](const Tcp& part) {
      Frame frame = ipv4_tcp(kTo, kFrom, part);
      for (int tag = 0; tag < tags; ++tag) frame = vlan(frame, static_cast<std::uint16_t>(tag));
      return frame;
    };
    Frame frame = build(tcp);
    const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp4 | VirtioNetHeader::kGsoEcn, 1448);
    const Outcome outcome = ordinary(frame, header);
    EXPECT_EQ(outcome.fault, SegmentFault::none);
    EXPECT_EQ(outcome.frames, tcp_segments(build, tcp, 1448));
  }
}

TEST(MakeOrdinary, CutsTcp6SuperFramesBehindExtensionHeaders) {
  for (const auto& extensions : {std::vector<Extension>{}, {hop_by_hop(), destination_options()}}) {
    const Tcp tcp{.flags = kFinPushAck, .payload = pattern(9000), .extensions = extensions};
    const auto build = [&](const Tcp& part) { return vlan(ipv6_tcp(kTo, kFrom, part), 7); };
    Frame frame = build(tcp);
    VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp6, 1400);
    EXPECT_EQ(ordinary(frame, header).frames, tcp_segments(build, tcp, 1400));
    header.flags = 0;  // without the kernel's offset the headers are walked
    EXPECT_EQ(ordinary(frame, header).frames, tcp_segments(build, tcp, 1400));
  }
}

TEST(MakeOrdinary, CutsUdpSuperFramesOverBothFamilies) {
  const Udp udp{.payload = pattern(5000)};
  for (const bool v6 : {false, true}) {
    Frame frame = v6 ? ipv6_udp(kTo, kFrom, udp) : ipv4_udp(kTo, kFrom, udp);
    const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoUdpL4, 1200);
    const Outcome outcome = ordinary(frame, header);
    ASSERT_EQ(outcome.frames.size(), 5U);
    for (std::size_t i = 0; i < outcome.frames.size(); ++i) {
      Udp part = udp;
      part.payload = slice(udp.payload, i * 1200, 1200);
      Ipv4 packet{.id = static_cast<std::uint16_t>(1 + i)};
      packet.payload = udp_bytes(packet.source, packet.destination, part);
      EXPECT_EQ(outcome.frames[i], v6 ? ipv6_udp(kTo, kFrom, part) : ipv4(kTo, kFrom, packet));
    }
  }
}

TEST(MakeOrdinary, WritesAllOnesForAUdpSegmentWhoseChecksumIsZero) {
  Frame payload(4);
  const Frame probe = ipv4_udp(kTo, kFrom, {.payload = slice(payload, 0, 2)});
  store_be16(payload.data(), load_be16(&probe[14 + 20 + 6]));
  Frame frame = ipv4_udp(kTo, kFrom, {.payload = payload});
  const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoUdpL4, 2);
  const Outcome outcome = ordinary(frame, header);
  ASSERT_EQ(outcome.frames.size(), 2U);
  EXPECT_EQ(load_be16(&outcome.frames[0][14 + 20 + 6]), 0xffff);
}

TEST(MakeOrdinary, MakesOneFrameOfASuperFrameThatIsNotFull) {
  const Tcp tcp{.flags = kFinPushAck, .payload = pattern(100)};
  Frame frame = ipv4_tcp(kTo, kFrom, tcp);
  const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp4, 1448);
  EXPECT_EQ(ordinary(frame, header).frames, just(ipv4_tcp(kTo, kFrom, tcp)));
}

TEST(MakeOrdinary, KeepsTheExactMultipleInWholeSegments) {
  const Tcp tcp{.flags = kFinPushAck, .payload = pattern(3000)};
  Frame frame = ipv4_tcp(kTo, kFrom, tcp);
  const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp4, 1000);
  const auto build = [](const Tcp& part) { return ipv4_tcp(kTo, kFrom, part); };
  EXPECT_EQ(ordinary(frame, header).frames, tcp_segments(build, tcp, 1000));
}

TEST(MakeOrdinary, LeavesOutWhatFollowsTheIpPacket) {
  const Tcp tcp{.payload = pattern(150)};
  Frame frame = ipv4_tcp(kTo, kFrom, tcp);
  const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp4, 100);
  frame.insert(frame.end(), 6, 0xee);
  const auto build = [](const Tcp& part) { return ipv4_tcp(kTo, kFrom, part); };
  EXPECT_EQ(ordinary(frame, header).frames, tcp_segments(build, tcp, 100));
}

TEST(MakeOrdinary, RefusesWhatIsTooLongForTheLan) {
  EXPECT_EQ(ordinary(ethernet(kTo, kFrom, 0x88b5, Frame(kMaxFrameSize - 14)), {}).fault, SegmentFault::none);
  EXPECT_EQ(ordinary(ethernet(kTo, kFrom, 0x88b5, Frame(kMaxFrameSize - 13)), {}).fault, SegmentFault::too_long);
  Frame frame = ipv4_tcp(kTo, kFrom, {.payload = pattern(30'000)});
  const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp4, 8948);
  const Outcome outcome = ordinary(frame, header);
  EXPECT_EQ(outcome.fault, SegmentFault::too_long);
  EXPECT_TRUE(outcome.frames.empty());
}

TEST(MakeOrdinary, RefusesOffloadsItDoesNotDo) {
  Frame frame = ipv4_udp(kTo, kFrom, {.payload = pattern(5000)});
  for (const int type : {int{VirtioNetHeader::kGsoUdp}, 2, 0x7f}) {
    const VirtioNetHeader header = segmented(frame, static_cast<std::uint8_t>(type), 1400);
    EXPECT_EQ(ordinary(frame, header).fault, SegmentFault::unsupported) << type;
  }
}

TEST(MakeOrdinary, RefusesHeadersThatDoNotFitTheFrame) {
  Frame tcp4 = ipv4_tcp(kTo, kFrom, {.payload = pattern(5000)});
  Frame udp6 = ipv6_udp(kTo, kFrom, {.payload = pattern(5000)});
  const VirtioNetHeader good = segmented(tcp4, VirtioNetHeader::kGsoTcp4, 1400);
  const VirtioNetHeader good6 = segmented(udp6, VirtioNetHeader::kGsoUdpL4, 1200);
  const auto refused = [](const Frame& frame, VirtioNetHeader header) {
    const Outcome outcome = ordinary(frame, header);
    return outcome.fault == SegmentFault::bad_header && outcome.frames.empty();
  };
  VirtioNetHeader header = good;
  header.gso_size = 0;
  EXPECT_TRUE(refused(tcp4, header));
  header = good;
  header.gso_type = VirtioNetHeader::kGsoTcp6;
  EXPECT_TRUE(refused(tcp4, header));
  header.gso_type = VirtioNetHeader::kGsoUdpL4;
  EXPECT_TRUE(refused(tcp4, header));
  header = good6;
  header.checksum_start = 20;
  EXPECT_TRUE(refused(udp6, header));
  header.checksum_start = 0xffff;
  EXPECT_TRUE(refused(udp6, header));
  EXPECT_TRUE(refused(slice(tcp4, 0, 3000), good));  // shorter than the IP packet says
  EXPECT_TRUE(refused(arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2")), good));
  EXPECT_TRUE(refused({}, good));
}

TEST(MakeOrdinary, SaysNoBufferWhenThePoolIsEmpty) {
  FramePool pool(1);
  const FrameRef held = pool.acquire(64);
  Collector collector;
  Frame frame = ipv4_tcp(kTo, kFrom, {.payload = pattern(3000)});
  const VirtioNetHeader header = segmented(frame, VirtioNetHeader::kGsoTcp4, 1400);
  EXPECT_EQ(make_ordinary(frame, header, pool, collector), SegmentFault::no_buffer);
  EXPECT_EQ(make_ordinary(frame, {}, pool, collector), SegmentFault::too_long);
  Frame small = ipv4_udp(kTo, kFrom);
  EXPECT_EQ(make_ordinary(small, {}, pool, collector), SegmentFault::no_buffer);
}

TEST(MakeOrdinary, NeverLeavesDamagedFramesOrOverlongOnes) {
  SeededRandom random(9);
  std::vector<Frame> samples = {ipv4_tcp(kTo, kFrom, {.payload = pattern(400)}),
                                vlan(ipv6_tcp(kTo, kFrom, {.payload = pattern(400)}), 7),
                                ipv6_udp(kTo, kFrom, {.payload = pattern(400), .extensions = {hop_by_hop()}})};
  constexpr std::uint8_t kTypes[] = {VirtioNetHeader::kGsoNone, VirtioNetHeader::kGsoTcp4, VirtioNetHeader::kGsoTcp6,
                                     VirtioNetHeader::kGsoUdpL4, VirtioNetHeader::kGsoUdp};
  for (int i = 0; i < 50'000; ++i) {
    Frame frame = samples[random.below(samples.size())];
    VirtioNetHeader header = leave_checksum_to_hardware(frame);
    header.gso_type = kTypes[random.below(std::size(kTypes))];
    header.gso_size = static_cast<std::uint16_t>(20 + random.below(300));
    if (random.below(3) == 0) header.flags = 0;
    if (random.below(3) == 0) header.checksum_start = static_cast<std::uint16_t>(random.below(500));
    if (random.below(8) == 0) header.checksum_offset = static_cast<std::uint16_t>(random.next_u64());
    for (std::uint64_t flips = random.below(4); flips > 0; --flips)
      frame[random.below(90)] = static_cast<std::uint8_t>(random.next_u64());
    const Outcome outcome = ordinary(slice(frame, 0, random.below(frame.size() + 1)), header);
    EXPECT_NE(outcome.fault == SegmentFault::none, outcome.frames.empty());
    for (const Frame& segment : outcome.frames) EXPECT_LE(segment.size(), kMaxFrameSize);
  }
}

}  // namespace
}  // namespace softlan::proto
