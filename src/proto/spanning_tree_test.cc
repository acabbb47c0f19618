#include "proto/spanning_tree.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using test::Frame;

constexpr Mac kBridgeGroup{{0x01, 0x80, 0xc2, 0, 0, 0}};

// LLC, then protocol, version, type and flags.
Frame bpdu(std::uint8_t type, std::uint8_t flags, std::uint8_t version = 0) {
  return {0x42, 0x42, 0x03, 0, 0, version, type, flags, 0, 0};
}
bool announces(const Frame& body, const Mac& to = kBridgeGroup) {
  return announces_topology_change(parse_frame(test::llc(to, test::test_mac(9), body)).value());
}

TEST(TopologyChange, IsAnnouncedByANotification) { EXPECT_TRUE(announces({0x42, 0x42, 0x03, 0, 0, 0, 0x80})); }

TEST(TopologyChange, IsAnnouncedByTheFlagOfAConfiguration) {
  EXPECT_TRUE(announces(bpdu(0x00, 0x01)));
  EXPECT_TRUE(announces(bpdu(0x00, 0x81)));
  EXPECT_TRUE(announces(bpdu(0x02, 0x3d, 2)));  // rapid
  EXPECT_TRUE(announces(bpdu(0x02, 0x3d, 3)));  // multiple
}

TEST(TopologyChange, IsNotAnnouncedByOrdinaryTalk) {
  EXPECT_FALSE(announces(bpdu(0x00, 0x00)));
  EXPECT_FALSE(announces(bpdu(0x00, 0x80)));  // an acknowledgement
  EXPECT_FALSE(announces(bpdu(0x02, 0x3c, 2)));
  EXPECT_FALSE(announces(bpdu(0x01, 0x01)));
}

TEST(TopologyChange, IsNotSeenInWhatOnlyLooksLikeIt) {
  EXPECT_FALSE(announces(bpdu(0x80, 0), test::kBroadcastMac));
  EXPECT_FALSE(announces({0xaa, 0xaa, 0x03, 0, 0, 0, 0x80}));
  EXPECT_FALSE(announces({0x42, 0x42, 0x03, 0, 1, 0, 0x80}));
  EXPECT_FALSE(announces_topology_change(
      parse_frame(test::ethernet(kBridgeGroup, test::test_mac(9), 0x88cc, bpdu(0x80, 0))).value()));
}

TEST(TopologyChange, IsNotReadPastTheEnd) {
  const Frame whole = bpdu(0x00, 0x01);
  for (std::size_t size = 0; size < 8; ++size) {
    EXPECT_FALSE(announces({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  }
}

TEST(SpanningTreeRoot, IsNamedByAConfiguration) {
  Frame body = bpdu(0x02, 0x3c, 2);
  body.resize(8);
  test::append(body, Frame{0x80, 0x00, 0x02, 0, 0, 0, 0, 7});
  const auto root = [](const Frame& llc) {
    return spanning_tree_root(parse_frame(test::llc(kBridgeGroup, test::test_mac(9), llc)).value());
  };
  ASSERT_TRUE(root(body));
  EXPECT_EQ(to_string(*root(body)), "32768.02:00:00:00:00:07");
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(root({body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  body[6] = 0x80;  // a topology change notification
  EXPECT_FALSE(root(body));
}

}  // namespace
}  // namespace softlan::proto
