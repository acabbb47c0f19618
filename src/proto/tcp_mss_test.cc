#include "proto/tcp_mss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using namespace test;

constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kSynAck = 0x12;

Frame mss_option(std::uint16_t value) {
  Frame option = {2, 4};
  append_be16(option, value);
  return option;
}

Frame syn4(const Frame& options, std::uint8_t flags = kSyn) {
  return ipv4_tcp(test_mac(2), test_mac(1), {.flags = flags, .options = options});
}
Frame syn6(const Frame& options, const std::vector<Extension>& extensions = {}) {
  return ipv6_tcp(test_mac(2), test_mac(1), {.flags = kSyn, .options = options, .extensions = extensions});
}

std::optional<TcpMss> found(const Frame& frame) { return find_tcp_mss(parse_packet(frame).value()); }

Frame changed(Frame frame, std::uint16_t value) {
  set_tcp_mss(frame, found(frame).value(), value);
  return frame;
}

// As a receiver sees it: what is summed, checksum included, comes to all ones.
bool has_right_checksum(const Frame& frame) {
  const auto tcp = parse_transport(parse_frame(frame).value()).value();
  return plain_sum(tcp.header, pseudo_sum(tcp.source, tcp.destination, kProtocolTcp, tcp.header.size())) == 0xffff;
}

TEST(TcpMss, IsFoundInASynAndInItsAnswer) {
  EXPECT_EQ(found(syn4(mss_option(1460), kSyn)).value().value, 1460);
  EXPECT_EQ(found(syn4(mss_option(1460), kSynAck)).value().value, 1460);
  EXPECT_EQ(found(syn6(mss_option(1440))).value().value, 1440);
}

TEST(TcpMss, IsFoundBehindOtherOptions) {
  EXPECT_EQ(found(syn4({4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 2, 4, 0x05, 0xb4})).value().value, 1460);
  EXPECT_EQ(found(syn4({1, 1, 3, 3, 7, 2, 4, 0x05, 0xb4, 0, 0, 0})).value().value, 1460);
}

TEST(TcpMss, IsFoundBehindTagsAndExtensionHeaders) {
  EXPECT_EQ(found(vlan(syn4(mss_option(1460)), 7)).value().value, 1460);
  EXPECT_EQ(found(vlan(vlan(syn6(mss_option(1440)), 7), 8, ethertype::service_vlan)).value().value, 1440);
  EXPECT_EQ(found(syn6(mss_option(1440), {hop_by_hop(), destination_options()})).value().value, 1440);
}

TEST(TcpMss, KnowsTheFrameAroundAFullSegment) {
  EXPECT_EQ(found(syn4(mss_option(1460))).value().overhead, 14U + 20 + 20);
  EXPECT_EQ(found(syn6(mss_option(1440))).value().overhead, 14U + 40 + 20);
  EXPECT_EQ(found(vlan(syn4(mss_option(1460)), 7)).value().overhead, 18U + 20 + 20);
  EXPECT_EQ(found(vlan(vlan(syn4(mss_option(1460)), 7), 8)).value().overhead, 22U + 20 + 20);
}

// A host subtracts the options it sends from the data: RFC 6691.
TEST(TcpMss, DoesNotCountOptions) {
  EXPECT_EQ(found(syn4({2, 4, 0x05, 0xb4, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1})).value().overhead, 14U + 20 + 20);
  EXPECT_EQ(found(syn6(mss_option(1440), {hop_by_hop()})).value().overhead, 14U + 40 + 20);
}

TEST(TcpMss, IsNotSoughtInOtherFrames) {
  EXPECT_FALSE(found(syn4(mss_option(1460), 0x10)));
  EXPECT_FALSE(found(ipv4_udp(test_mac(2), test_mac(1))));
  EXPECT_FALSE(found(arp(test_mac(1), ip("192.0.2.1"), ip("192.0.2.2"))));
  EXPECT_FALSE(found(llc(test_mac(2), test_mac(1))));
}

TEST(TcpMss, IsNotSoughtInFragments) {
  const Frame segment =
      tcp_bytes(ip("192.0.2.1"), ip("192.0.2.2"), {.flags = kSyn, .options = mss_option(1460), .payload = pattern(64)});
  Ipv4 packet{.protocol = kProtocolTcp, .more_fragments = true, .payload = segment};
  EXPECT_FALSE(found(ipv4(test_mac(2), test_mac(1), packet)));
  packet.more_fragments = false;
  packet.fragment_offset = 64;
  EXPECT_FALSE(found(ipv4(test_mac(2), test_mac(1), packet)));
  EXPECT_FALSE(found(syn6(mss_option(1440), {fragment_header(0, true)})));
}

TEST(TcpMss, IsMissingFromASynThatAnnouncesNone) {
  EXPECT_FALSE(found(syn4({})));
  EXPECT_FALSE(found(syn4({4, 2, 1, 1})));
}

TEST(TcpMss, IsNotFoundInBrokenOptions) {
  EXPECT_FALSE(found(syn4({0, 0, 0, 0, 2, 4, 0x05, 0xb4})));  // the list has ended
  EXPECT_FALSE(found(syn4({3, 0, 0, 0, 2, 4, 0x05, 0xb4})));  // an option of no size
  EXPECT_FALSE(found(syn4({8, 40, 0, 0, 2, 4, 0x05, 0xb4})));
  EXPECT_FALSE(found(syn4({2, 3, 0x05, 1})));
  EXPECT_FALSE(found(syn4({1, 1, 1, 2})));
}

TEST(TcpMss, IsNotFoundInASynCutShort) {
  const Frame whole = syn4(mss_option(1460));
  for (std::size_t size = 14; size < whole.size(); ++size) {
    EXPECT_FALSE(found(Frame(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
  }
}

TEST(TcpMss, IsChangedWithItsChecksum) {
  for (const Frame& frame : {syn4(mss_option(1460)), syn6(mss_option(1440)), vlan(syn4(mss_option(1460)), 7)}) {
    const Frame after = changed(frame, 1110);
    EXPECT_EQ(found(after).value().value, 1110);
    EXPECT_TRUE(has_right_checksum(after));
  }
}

TEST(TcpMss, IsChangedAtAnOddPlace) {
  const Frame after = changed(syn4({1, 2, 4, 0x05, 0xb4, 0, 0, 0}), 1384);
  EXPECT_EQ(found(after).value().value, 1384);
  EXPECT_TRUE(has_right_checksum(after));
}

TEST(TcpMss, LeavesAWrongChecksumWrong) {
  Frame frame = syn4(mss_option(1460));
  frame[found(frame).value().checksum_at] ^= 0x10;
  EXPECT_FALSE(has_right_checksum(changed(frame, 1110)));
}

class RandomSyn {
 public:
  Frame next() {
    const std::uint8_t flags = draw(2) == 0 ? kSyn : kSynAck;
    Tcp tcp{.source_port = any16(),
            .sequence = any16(),
            .flags = flags,
            .options = options(),
            .payload = pattern(draw(40))};
    Frame frame = draw(2) == 0 ? ipv4_tcp(test_mac(2), test_mac(1), tcp) : ipv6_tcp(test_mac(2), test_mac(1), tcp);
    for (std::size_t tags = draw(3); tags > 0; --tags) frame = vlan(frame, any16());
    return frame;
  }
  std::uint16_t any16() { return static_cast<std::uint16_t>(draw(65536)); }

 private:
  std::size_t draw(std::size_t below) { return random_() % below; }
  Frame options() {
    Frame bytes(draw(4), 1);
    append(bytes, mss_option(any16()));
    bytes.resize((bytes.size() + 3) / 4 * 4, 1);
    return bytes;
  }

  std::mt19937 random_{1};
};

TEST(TcpMss, ChangesNothingButItsTwoBytesAndTheChecksum) {
  RandomSyn random;
  for (int i = 0; i < 10'000; ++i) {
    const Frame before = random.next();
    const std::uint16_t value = random.any16();
    const auto mss = found(before).value();
    Frame after = changed(before, value);
    ASSERT_TRUE(has_right_checksum(after));
    ASSERT_EQ(found(after).value().value, value);
    std::copy_n(&before[mss.value_at], 2, &after[mss.value_at]);
    std::copy_n(&before[mss.checksum_at], 2, &after[mss.checksum_at]);
    ASSERT_EQ(after, before);
  }
}

TEST(TcpMss, OfRandomBytesLiesInsideTheFrame) {
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    Frame frame = i % 2 == 0 ? syn4(mss_option(1460)) : syn6(mss_option(1440), {hop_by_hop()});
    for (int flips = 0; flips < 3; ++flips)
      frame[12 + random() % (frame.size() - 12)] = static_cast<std::uint8_t>(random());
    const auto mss = found(frame);
    ASSERT_TRUE(!mss || std::max(mss->value_at, mss->checksum_at) + 2 <= frame.size());
  }
}

}  // namespace
}  // namespace softlan::proto
