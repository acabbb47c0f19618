#include "proto/arp.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using namespace test;

const Mac kFrom = test_mac(1);
const Frame kRequest = arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2"), test_mac(3));

std::optional<ArpView> read(const Frame& frame) { return parse_arp(parse_frame(frame).value()); }

TEST(ParseArp, ReadsWhoAsksForWhom) {
  const auto request = read(vlan(kRequest, 7));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->sender_mac, test_mac(3));
  EXPECT_EQ(request->sender, ip("192.0.2.1"));
  EXPECT_EQ(request->target, ip("192.0.2.2"));
}

TEST(ParseArp, TakesIeee802ForEthernet) {
  Frame frame = kRequest;
  frame[15] = 6;
  EXPECT_TRUE(read(frame));
}

TEST(ParseArp, RefusesOtherAddressFamiliesAndSizes) {
  const auto changed = [](std::size_t at, std::uint8_t value) {
    Frame frame = kRequest;
    frame[14 + at] = value;
    return read(frame).has_value();
  };
  EXPECT_FALSE(changed(1, 2));     // hardware
  EXPECT_FALSE(changed(2, 0x86));  // protocol
  EXPECT_FALSE(changed(4, 8));     // size of a MAC
  EXPECT_FALSE(changed(5, 16));    // size of an address
}

TEST(ParseArp, RefusesAMessageCutShort) {
  for (std::size_t size = 14; size < kRequest.size(); ++size)
    EXPECT_FALSE(read({kRequest.begin(), kRequest.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
}

TEST(ParseArp, RefusesOtherFrames) { EXPECT_FALSE(read(ipv4_udp(test_mac(2), kFrom))); }

}  // namespace
}  // namespace softlan::proto
