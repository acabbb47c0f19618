#include "proto/overlay.h"

#include <gtest/gtest.h>

#include "base/frame_pool.h"
#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using test::append;
using test::Frame;
using test::pattern;

constexpr PeerId kSender{0x1234};

Frame frame_datagram(std::size_t size) {
  Frame bytes;
  append(bytes, encode_header({OverlayKind::frame, 0, kSender}));
  append(bytes, pattern(size));
  return bytes;
}

Frame fragment_datagram(const FragmentHeader& header, std::size_t size) {
  Frame bytes;
  append(bytes, encode_fragment(kSender, header));
  append(bytes, pattern(size));
  return bytes;
}

Frame echo_datagram(const Echo& echo) {
  Frame bytes;
  append(bytes, encode_echo(kSender, echo));
  return bytes;
}

OverlayFault fault(Bytes datagram) { return parse_overlay(datagram).fault; }

TEST(Overlay, LaysOutItsHeaderAsTheProtocolSays) {
  EXPECT_EQ(encode_header({OverlayKind::filler, 0x80, PeerId{0x0102}}),
            (std::array<std::uint8_t, 4>{0x12, 0x80, 0x01, 0x02}));
  EXPECT_EQ(encode_fragment(PeerId{1}, {0x0203, 0x0405, 0x0506}),
            (std::array<std::uint8_t, 10>{0x11, 0, 0, 1, 2, 3, 4, 5, 5, 6}));
  EXPECT_EQ(encode_echo(PeerId{1}, {PeerId{2}, 0x0807060504030201, true}),
            (std::array<std::uint8_t, 14>{0x13, 1, 0, 1, 0, 2, 8, 7, 6, 5, 4, 3, 2, 1}));
}

TEST(Overlay, CarriesAFrame) {
  const Frame bytes = frame_datagram(100);
  const OverlayParse parse = parse_overlay(bytes);
  ASSERT_EQ(parse.fault, OverlayFault::none);
  EXPECT_EQ(parse.datagram.header.kind, OverlayKind::frame);
  EXPECT_EQ(parse.datagram.header.sender, kSender);
  EXPECT_EQ(parse.datagram.body.data(), bytes.data() + kOverlayHeaderSize);
  EXPECT_EQ(parse.datagram.body.size(), 100U);
}

TEST(Overlay, CarriesFramesOf14To1522Bytes) {
  EXPECT_EQ(fault(frame_datagram(13)), OverlayFault::bad_length);
  EXPECT_EQ(fault(frame_datagram(14)), OverlayFault::none);
  EXPECT_EQ(fault(frame_datagram(kMaxFrameSize)), OverlayFault::none);
  EXPECT_EQ(fault(frame_datagram(kMaxFrameSize + 1)), OverlayFault::bad_length);
}

TEST(Overlay, CarriesAFragment) {
  const Frame bytes = fragment_datagram({7, 200, 1000}, 300);
  const OverlayParse parse = parse_overlay(bytes);
  ASSERT_EQ(parse.fault, OverlayFault::none);
  EXPECT_EQ(parse.datagram.header.kind, OverlayKind::fragment);
  EXPECT_EQ(parse.datagram.fragment.frame_id, 7);
  EXPECT_EQ(parse.datagram.fragment.offset, 200);
  EXPECT_EQ(parse.datagram.fragment.total, 1000);
  EXPECT_EQ(parse.datagram.body.size(), 300U);
}

TEST(Overlay, RefusesAFragmentThatDoesNotLieInAFrame) {
  EXPECT_EQ(fault(fragment_datagram({1, 900, 1000}, 100)), OverlayFault::none);
  EXPECT_EQ(fault(fragment_datagram({1, 901, 1000}, 100)), OverlayFault::bad_length);
  EXPECT_EQ(fault(fragment_datagram({1, 0xffff, 1000}, 1)), OverlayFault::bad_length);
  EXPECT_EQ(fault(fragment_datagram({1, 0, 1000}, 0)), OverlayFault::bad_length);
  EXPECT_EQ(fault(fragment_datagram({1, 0, 13}, 13)), OverlayFault::bad_length);
  EXPECT_EQ(fault(fragment_datagram({1, 0, 1523}, 100)), OverlayFault::bad_length);
}

TEST(Overlay, CarriesAnEchoBothWays) {
  for (const bool reply : {false, true}) {
    const Frame bytes = echo_datagram({PeerId{9}, 0x1122334455667788, reply});
    const OverlayParse parse = parse_overlay(bytes);
    ASSERT_EQ(parse.fault, OverlayFault::none);
    EXPECT_EQ(parse.datagram.header.kind, OverlayKind::echo);
    EXPECT_EQ(parse.datagram.echo.target, PeerId{9});
    EXPECT_EQ(parse.datagram.echo.cookie, 0x1122334455667788U);
    EXPECT_EQ(parse.datagram.echo.reply, reply);
  }
}

TEST(Overlay, RefusesBytesAfterAnEcho) {
  Frame bytes = echo_datagram({});
  bytes.push_back(0);
  EXPECT_EQ(fault(bytes), OverlayFault::bad_length);
}

TEST(Overlay, TakesFillerOfAnySize) {
  Frame bytes;
  append(bytes, encode_header({OverlayKind::filler, 0, kRelayPeer}));
  EXPECT_EQ(fault(bytes), OverlayFault::none);
  append(bytes, pattern(3000));
  EXPECT_EQ(fault(bytes), OverlayFault::none);
}

TEST(Overlay, RefusesOtherVersionsAndUnknownKinds) {
  Frame bytes = frame_datagram(100);
  bytes[0] = 0x20;
  EXPECT_EQ(fault(bytes), OverlayFault::bad_version);
  bytes[0] = 0x00;
  EXPECT_EQ(fault(bytes), OverlayFault::bad_version);
  for (std::uint8_t kind = 4; kind < 16; ++kind) {
    bytes[0] = static_cast<std::uint8_t>(0x10 | kind);
    EXPECT_EQ(fault(bytes), OverlayFault::bad_kind);
  }
}

TEST(Overlay, IgnoresFlagsItDoesNotKnow) {
  Frame bytes = frame_datagram(100);
  bytes[1] = 0xff;
  EXPECT_EQ(fault(bytes), OverlayFault::none);
  bytes = echo_datagram({});
  bytes[1] = 0xfe;
  EXPECT_EQ(fault(bytes), OverlayFault::none);
  EXPECT_FALSE(parse_overlay(bytes).datagram.echo.reply);
}

TEST(Overlay, RefusesEveryHeaderCutShort) {
  const Frame fragment = fragment_datagram({1, 0, 1000}, 1);
  for (std::size_t size = 0; size < kFragmentHeaderSize; ++size)
    EXPECT_EQ(fault(Frame(fragment.begin(), fragment.begin() + static_cast<std::ptrdiff_t>(size))),
              OverlayFault::too_short);
  const Frame echo = echo_datagram({});
  for (std::size_t size = 0; size < kEchoSize; ++size)
    EXPECT_EQ(fault(Frame(echo.begin(), echo.begin() + static_cast<std::ptrdiff_t>(size))), OverlayFault::too_short);
}

TEST(Overlay, KeepsItsPromisesOnAnyInput) {
  SeededRandom random(4);
  for (int i = 0; i < 100'000; ++i) {
    Frame bytes(random.below(64));
    random.fill(bytes);
    if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(0x10 | (bytes[0] & 0x03));
    const auto [datagram, fault] = parse_overlay(bytes);
    if (fault != OverlayFault::none) continue;
    EXPECT_LE(datagram.body.size() + kOverlayHeaderSize, bytes.size());
    if (datagram.header.kind == OverlayKind::frame) {
      EXPECT_GE(datagram.body.size(), kEthernetHeaderSize);
    }
    if (datagram.header.kind == OverlayKind::fragment) {
      EXPECT_FALSE(datagram.body.empty());
      EXPECT_LE(datagram.fragment.offset + datagram.body.size(), datagram.fragment.total);
      EXPECT_LE(datagram.fragment.total, kMaxFrameSize);
    }
  }
}

}  // namespace
}  // namespace softlan::proto
