#include "runtime/member_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "proto/test_frames.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using proto::test::test_mac;
using testing::HasSubstr;
using testing::Not;

MemberReport a_report() {
  MemberReport report{.software = "lanparty-client 1", .uptime = 90s, .session = {}, .rates = {}};
  session::Status& status = report.session;
  status.room = "ROOM1";
  status.name = "Ada";
  status.mac = test_mac(7);
  status.relay = "relay.example.org:443";
  status.seated = true;
  status.peer = PeerId{3};
  status.gateway_present = true;
  status.round_trips = {.relay = 12ms, .gateway = 15ms};
  status.budget = 1442;
  status.peers = {{.peer = PeerId{1}, .role = ctrl::Role::gateway, .mac = test_mac(1), .name = "Hall"}};
  status.link.out.frames = 100;
  status.link.out.drop(obs::DropReason::queue_late, 2);
  status.port.in.drop(obs::DropReason::forged_source);
  return report;
}

TEST(MemberReportText, SaysWhereTheMemberIsAndWhoElse) {
  const std::string text = to_text(a_report());
  EXPECT_THAT(text, HasSubstr("room ROOM1 at relay.example.org:443: in the room as #3, its gateway is here\n"));
  EXPECT_THAT(text, HasSubstr("round trip: relay 12.0 ms, gateway 15.0 ms; budget 1442 bytes"));
  EXPECT_THAT(text, HasSubstr("sent 100 frames"));
  EXPECT_THAT(text, HasSubstr("drops: forged_source:1,queue_late:2\n"));
  EXPECT_THAT(text, HasSubstr("1  Hall  gateway  02:00:00:00:00:01\n"));
}

TEST(MemberReportText, SaysThatThereIsNoSeat) {
  MemberReport report = a_report();
  report.session.seated = false;
  EXPECT_THAT(to_text(report), HasSubstr("not in the room now, trying"));
  EXPECT_THAT(to_text(report), Not(HasSubstr("round trip")));
}

TEST(MemberReportJson, HasTheSameForPrograms) {
  const auto json = nlohmann::json::parse(to_json(a_report()));
  EXPECT_EQ(json["seated"], true);
  EXPECT_EQ(json["gateway"], true);
  EXPECT_EQ(json["rtt_ms"], 12);
  EXPECT_EQ(json["gateway_rtt_ms"], 15);
  EXPECT_EQ(json["traffic"]["out"]["frames"], 100);
  EXPECT_EQ(json["drops"], (nlohmann::json{{"forged_source", 1}, {"queue_late", 2}}));
  EXPECT_EQ(json["peers"][0]["name"], "Hall");
}

TEST(MemberReport, SaysHowManyEchoesWereLost) {
  MemberReport report = a_report();
  EXPECT_THAT(to_text(report), HasSubstr("echoes lost in the last minute: relay -, gateway -\n"));
  EXPECT_TRUE(nlohmann::json::parse(to_json(report))["lost_percent"].is_null());
  report.session.echoes = {.relay = {.due = 60, .lost = 0}, .gateway = {.due = 40, .lost = 1}};
  EXPECT_THAT(to_text(report), HasSubstr("echoes lost in the last minute: relay 0.0 %, gateway 2.5 %\n"));
  EXPECT_EQ(nlohmann::json::parse(to_json(report))["gateway_lost_percent"], 2.5);
}

TEST(MemberReportJson, HasWhatTheMachineKnows) {
  MemberReport report = a_report();
  auto json = nlohmann::json::parse(to_json(report));
  for (const char* unknown : {"system", "card", "way"}) EXPECT_TRUE(json[unknown].is_null()) << unknown;
  report.machine = {.system = "Windows 10.0",
                    .card = CardFacts{.name = "softlan",
                                      .guid = "{0A1B}",
                                      .luid = 42,
                                      .mac = test_mac(7),
                                      .addresses = std::vector<std::string>{"10.77.0.104/24"}},
                    .way = WayFacts{.interface = "wlan0", .source = parse_ip("192.168.1.7"), .pinned = "host route"},
                    .notices = {"odd"}};
  json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["system"], "Windows 10.0");
  EXPECT_EQ(json["card"]["guid"], "{0A1B}");
  EXPECT_EQ(json["card"]["mac"], "02:00:00:00:00:07");
  EXPECT_TRUE(json["card"]["mtu"].is_null());
  EXPECT_EQ(json["card"]["addresses"], nlohmann::json::array({"10.77.0.104/24"}));
  EXPECT_EQ(json["way"]["source"], "192.168.1.7");
  EXPECT_TRUE(json["way"]["next_hop"].is_null());
  EXPECT_EQ(json["way"]["pinned"], "host route");
  EXPECT_EQ(json["notices"], nlohmann::json::array({"odd"}));
}

TEST(MemberReport, SaysWhyTheLanIsNotUsed) {
  MemberReport report = a_report();
  EXPECT_TRUE(nlohmann::json::parse(to_json(report))["trouble"].is_null());
  report.session.trouble = obs::Condition::lan_loop;
  EXPECT_EQ(nlohmann::json::parse(to_json(report))["trouble"], "lan_loop");
  EXPECT_THAT(to_text(report), HasSubstr(obs::explain(obs::Condition::lan_loop, {}) + "\n"));
}

}  // namespace
}  // namespace softlan::runtime
