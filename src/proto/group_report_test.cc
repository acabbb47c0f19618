#include "proto/group_report.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using test::Frame;

Frame igmp(int type) {
  return test::ipv4(test::kBroadcastMac, test::test_mac(1),
                    {.protocol = 2, .payload = {static_cast<std::uint8_t>(type), 0, 0, 0, 0, 0, 0, 0}});
}
Frame mld(int type) {
  return test::ipv6_icmp(test::kAllNodesMac, test::test_mac(1), static_cast<std::uint8_t>(type), {test::hop_by_hop()});
}
bool is_report(const Frame& frame) { return is_group_report(parse_packet(frame)->transport); }
bool is_query(const Frame& frame) { return is_group_query(parse_packet(frame)->transport); }

TEST(GroupReports, AreOfEveryVersionAndLeavesToo) {
  for (const int type : {0x12, 0x16, 0x17, 0x22}) EXPECT_TRUE(is_report(igmp(type))) << type;
  for (const int type : {131, 132, 143}) EXPECT_TRUE(is_report(mld(type))) << type;
}

TEST(GroupReports, AreNotQueries) {
  EXPECT_FALSE(is_report(igmp(0x11)));
  EXPECT_FALSE(is_report(mld(130)));
  EXPECT_TRUE(is_query(igmp(0x11)));
  EXPECT_TRUE(is_query(mld(130)));
  EXPECT_FALSE(is_query(igmp(0x16)));
  EXPECT_FALSE(is_query(mld(143)));
}

TEST(GroupReports, AreNothingElse) {
  EXPECT_FALSE(is_report(mld(135)));
  EXPECT_FALSE(is_report(test::ipv4_udp(test::kBroadcastMac, test::test_mac(1))));
  EXPECT_FALSE(is_report(test::ipv4(test::kBroadcastMac, test::test_mac(1), {.protocol = 2})));
  EXPECT_FALSE(is_report(test::arp(test::test_mac(1), test::ip("192.0.2.1"), test::ip("192.0.2.2"))));
}

}  // namespace
}  // namespace softlan::proto
