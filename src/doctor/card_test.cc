#include "doctor/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/test_findings.h"

namespace softlan::doctor {
namespace {

using test::matters;
using test::said;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Card good_card() {
  return {.name = "eth0",
          .index = 2,
          .ethernet = true,
          .up = true,
          .carrier = true,
          .megabits = 1000,
          .duplex = Duplex::full};
}
std::vector<Matter> found(const Card& card) { return matters(judge(Machine{}, card)); }

TEST(CardJudgement, AGoodCardHasNothingToBeSaidAgainstIt) {
  const Findings findings = judge(Machine{}, good_card());
  EXPECT_THAT(matters(findings), ElementsAre(Matter::may_listen, Matter::wired));
  EXPECT_THAT(said(findings, Matter::wired), HasSubstr("1000 Mbit/s, full duplex"));
}

TEST(CardJudgement, AnUnknownSpeedIsNotMentioned) {
  Card card = good_card();
  card.megabits.reset();
  card.duplex = Duplex::unknown;
  EXPECT_THAT(said(judge(Machine{}, card), Matter::wired), Not(HasSubstr("Mbit")));
  EXPECT_THAT(found(card), ElementsAre(Matter::may_listen, Matter::wired));
}

TEST(CardJudgement, MissingRightsAreNamedWithTheWayToGetThem) {
  const Machine machine{.missing_rights = {"CAP_NET_RAW", "CAP_NET_ADMIN"}, .program = "/usr/bin/lanparty-gateway"};
  const std::string text = said(judge(machine, good_card()), Matter::needs_privilege);
  EXPECT_THAT(text, HasSubstr("CAP_NET_RAW and CAP_NET_ADMIN"));
  EXPECT_THAT(text, HasSubstr("setcap cap_net_raw,cap_net_admin+ep /usr/bin/lanparty-gateway"));
}

TEST(CardJudgement, AnInterfaceThatIsNotThereComesWithThoseThatAre) {
  const Findings findings = judge({.interfaces = {"eth0", "eth1"}}, {.name = "eth9"});
  EXPECT_THAT(matters(findings), ElementsAre(Matter::may_listen, Matter::no_interface));
  EXPECT_THAT(said(findings, Matter::no_interface), HasSubstr("eth0, eth1"));
}

TEST(CardJudgement, ALoopbackIsNoEthernetInterface) {
  EXPECT_THAT(found({.name = "lo", .index = 1, .up = true}), ElementsAre(Matter::may_listen, Matter::not_ethernet));
}

TEST(CardJudgement, SwitchedOffIsNotTheSameAsWithoutACable) {
  Card card = good_card();
  card.carrier = false;
  EXPECT_THAT(found(card), ElementsAre(Matter::may_listen, Matter::no_cable));
  card.up = false;
  EXPECT_THAT(found(card), ElementsAre(Matter::may_listen, Matter::switched_off));
}

TEST(CardJudgement, WifiIsAProblem) {
  Card card = good_card();
  card.wireless = true;
  EXPECT_THAT(found(card), ElementsAre(Matter::may_listen, Matter::wireless));
  EXPECT_EQ(weight_of(Matter::wireless), Weight::problem);
}

TEST(CardJudgement, HalfDuplexAndLessThanAGigabitAreHints) {
  Card card = good_card();
  card.duplex = Duplex::half;
  EXPECT_THAT(found(card), Contains(Matter::half_duplex));
  EXPECT_THAT(found(card), Not(Contains(Matter::slow)));
  card = good_card();
  card.megabits = 100;
  EXPECT_THAT(found(card), Contains(Matter::slow));
  EXPECT_EQ(weight_of(Matter::half_duplex), Weight::hint);
  EXPECT_EQ(weight_of(Matter::slow), Weight::hint);
}

TEST(CardJudgement, APartOfABridgeIsToBeReplacedByTheBridge) {
  Card card = good_card();
  card.owner = "br0";
  card.owner_kind = "bridge";
  EXPECT_THAT(said(judge(Machine{}, card), Matter::part_of_another), HasSubstr("use br0 instead"));
}

TEST(CardJudgement, VirtualInterfacesAreToldApart) {
  Card card = good_card();
  const std::pair<const char*, Matter> kinds[] = {
      {"vlan", Matter::vlan}, {"bridge", Matter::bridge}, {"macvlan", Matter::own_mac_only}};
  for (const auto& [kind, matter] : kinds) {
    card.kind = kind;
    EXPECT_THAT(found(card), Contains(matter)) << kind;
  }
  card.kind = "veth";
  EXPECT_THAT(found(card), ElementsAre(Matter::may_listen, Matter::wired));
}

TEST(CardJudgement, SettingsThatHarmAreNamed) {
  Card card = good_card();
  card.large_receive = true;
  card.proxy_arp = true;
  card.lossy_offloads = {"rx-gro-list", "rx-udp-gro-forwarding"};
  const Findings findings = judge({.kernel = "6.1.0"}, card);
  EXPECT_THAT(said(findings, Matter::large_receive), HasSubstr("ethtool -K eth0 lro off"));
  EXPECT_THAT(said(findings, Matter::proxy_arp), HasSubstr("net.ipv4.conf.eth0.proxy_arp=0"));
  EXPECT_THAT(said(findings, Matter::udp_super_frames), HasSubstr("rx-gro-list, rx-udp-gro-forwarding"));
}

}  // namespace
}  // namespace softlan::doctor
