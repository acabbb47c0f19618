#include "doctor/lan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/test_findings.h"
#include "proto/test_frames.h"

namespace softlan::doctor {
namespace {

using proto::test::ip;
using proto::test::test_mac;
using test::matters;
using test::said;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// One DHCP server, which answered the foreign MAC too.
Lan good_lan() {
  Lan lan;
  lan.asked = {{.address = ip("10.77.0.1"), .foreign_heard = true, .own_heard = true, .holders = {test_mac(1)}}};
  lan.dhcp_servers = {ip("10.77.0.1")};
  lan.sent = 6;
  lan.broadcasts = 20;
  lan.listened = std::chrono::seconds(5);
  return lan;
}

TEST(LanJudgement, AGoodLanHasNothingToBeSaidAgainstIt) {
  EXPECT_THAT(matters(judge(good_lan())), ElementsAre(Matter::foreign_mac_passes, Matter::dhcp_server));
}

TEST(LanJudgement, APortThatLetsOneComputerThroughIsToldFromASilentLan) {
  Lan lan = good_lan();
  lan.asked[0].foreign_heard = false;
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::foreign_mac_blocked));
  lan.asked[0].own_heard = false;
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::foreign_mac_unknown));
  lan.asked.clear();
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::foreign_mac_unknown));
}

TEST(LanJudgement, OneHostThatAnswersTheForeignMacIsEnough) {
  Lan lan = good_lan();
  lan.asked.push_back({.address = ip("10.77.0.2"), .own_heard = true});
  EXPECT_THAT(matters(judge(lan)), Not(Contains(Matter::foreign_mac_blocked)));
}

TEST(LanJudgement, ManyDhcpServersAreNamedAndNoneIsSaid) {
  Lan lan = good_lan();
  lan.dhcp_servers.push_back(ip("10.77.0.2"));
  EXPECT_THAT(said(judge(lan), Matter::dhcp_servers), HasSubstr("10.77.0.1 and 10.77.0.2"));
  lan.dhcp_servers.clear();
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::no_dhcp_server));
}

TEST(LanJudgement, RoutersOfIpv6AreNamed) {
  Lan lan = good_lan();
  lan.ipv6_routers = {ip("fe80::1")};
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::ipv6_router));
  lan.ipv6_routers.push_back(ip("fe80::2"));
  EXPECT_THAT(said(judge(lan), Matter::ipv6_routers), HasSubstr("fe80::1 and fe80::2"));
}

TEST(LanJudgement, TwoHoldersOfAnAddressAreAConflict) {
  Lan lan = good_lan();
  lan.asked[0].holders.push_back(test_mac(2));
  EXPECT_THAT(said(judge(lan), Matter::address_conflict),
              HasSubstr("10.77.0.1: 02:00:00:00:00:01 and 02:00:00:00:00:02"));
}

TEST(LanJudgement, AReflectionIsNoLoop) {
  Lan lan = good_lan();
  lan.returned = lan.sent;
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::reflection));
  lan.returned = 1000;
  EXPECT_THAT(matters(judge(lan)), Contains(Matter::loop));
  EXPECT_THAT(matters(judge(lan)), Not(Contains(Matter::reflection)));
}

TEST(LanJudgement, RepeatedAndPlentifulBroadcastsAreHints) {
  Lan lan = good_lan();
  lan.most_repeats = 40;
  lan.repeated = test_mac(7);
  lan.broadcasts = 5000;
  EXPECT_THAT(said(judge(lan), Matter::repeated_broadcast), HasSubstr("02:00:00:00:00:07"));
  EXPECT_THAT(said(judge(lan), Matter::noisy), HasSubstr("1000 broadcasts a second"));
}

TEST(LanJudgement, SpanningTreeAndOtherGatewaysAreMentioned) {
  Lan lan = good_lan();
  lan.spanning_tree_root = "32768.02:00:00:00:00:09";
  lan.softlan_gateways = {test_mac(3)};
  EXPECT_THAT(said(judge(lan), Matter::spanning_tree), HasSubstr("32768.02:00:00:00:00:09"));
  EXPECT_THAT(said(judge(lan), Matter::softlan_gateway), HasSubstr("02:00:00:00:00:03"));
}

}  // namespace
}  // namespace softlan::doctor
