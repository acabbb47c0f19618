#include "client/tap_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace softlan::client {
namespace {

using ::testing::HasSubstr;

TapAdapter adapter(std::string guid, std::string name) {
  TapAdapter made;
  made.guid = std::move(guid);
  made.name = std::move(name);
  return made;
}

const TapAdapter kOurs = adapter("{AAAA-01}", "softlan");
const TapAdapter kOpenVpn = adapter("{BBBB-02}", "OpenVPN TAP-Windows6");
const TapAdapter kOther = adapter("{CCCC-03}", "Ethernet 5");

struct Choice {
  const char* what;
  std::vector<TapAdapter> adapters;
  std::string wanted;
  std::string guid;  // of the chosen one; empty: to be made
};

const Choice kChoices[] = {
    {"ours when nobody says anything", {kOpenVpn, kOurs}, "", kOurs.guid},
    {"ours in any case", {adapter("{DDDD-04}", "SoftLAN")}, "", "{DDDD-04}"},
    {"nobody else's when nobody says anything", {kOpenVpn, kOther}, "", ""},
    {"one to be made when there is none", {}, "", ""},
    {"the named one", {kOurs, kOpenVpn}, "openvpn tap-windows6", kOpenVpn.guid},
    {"the one with that GUID", {kOurs, kOther}, "{cccc-03}", kOther.guid},
    {"the one with that GUID without braces", {kOurs, kOther}, "CCCC-03", kOther.guid},
};

TEST(TapChoice, TakesTheAdapterThatIsMeant) {
  for (const Choice& choice : kChoices) {
    const auto chosen = choose_adapter(choice.adapters, choice.wanted);
    ASSERT_TRUE(chosen) << choice.what;
    EXPECT_EQ(*chosen ? (*chosen)->guid : "", choice.guid) << choice.what;
  }
}

TEST(TapChoice, NamesTheAdaptersThereAreWhenTheNamedOneIsMissing) {
  const std::vector<TapAdapter> adapters = {kOurs, kOpenVpn, kOther};
  const auto chosen = choose_adapter(adapters, "lan party");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().message,
            "--adapter: there is no TAP adapter called \"lan party\"; there is \"softlan\", \"OpenVPN TAP-Windows6\" "
            "and \"Ethernet 5\"");
}

TEST(TapChoice, SaysThatOneIsMadeWhenTheNamedOneIsMissingAndThereIsNoOther) {
  const auto chosen = choose_adapter({}, "mine");
  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, HasSubstr("without --adapter one is made"));
}

TEST(TapChoice, OffersWhatMayBelongToOthersOnlyByName) {
  EXPECT_EQ(no_adapter({}, "the driver is missing"), "the driver is missing");
  EXPECT_THAT(no_adapter({{kOpenVpn}}, "the driver is missing"),
              ::testing::AllOf(HasSubstr("the driver is missing. \"OpenVPN TAP-Windows6\" may belong to another"),
                               HasSubstr("--adapter")));
}

const proto::Mac kWanted{{2, 0, 0x5e, 0, 0, 1}};
const proto::Mac kAdapters{{0, 0xff, 0x5e, 1, 2, 3}};

TEST(TapChoice, TheMacIsTheOneTheMemberWantsUnlessTheAdapterKeepsIts) {
  EXPECT_EQ(choose_mac(kWanted, kAdapters, false), kWanted);
  EXPECT_EQ(choose_mac(kWanted, kAdapters, true), kAdapters);
}

TEST(TapChoice, NoMemberHasAMacOfManyCards) {
  const auto chosen = choose_mac(kWanted, proto::Mac{{1, 0, 0x5e, 0, 0, 1}}, true);
  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, HasSubstr("--keep-adapter-mac"));
}

}  // namespace
}  // namespace softlan::client
