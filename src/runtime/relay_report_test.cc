#include "runtime/relay_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "proto/test_frames.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

relay::MemberStatus ada() {
  relay::MemberStatus member;
  member.peer = PeerId{3};
  member.name = "Ada";
  member.mac = proto::test::test_mac(7);
  member.address = {.ip = parse_ip("203.0.113.30").value(), .port = 4321};
  member.rtt = 12ms;
  member.gateway_rtt = 15ms;
  member.rates.in = {.frames_per_second = 64, .bits_per_second = 8000, .drops_per_second = 0};
  member.counters.in.drop(obs::DropReason::forged_source, 3);
  member.up = relay::Compared{.sent = 100, .arrived = 98};
  member.down = relay::Compared{.sent = 50, .arrived = 49};
  return member;
}

RelayReport a_report() {
  RelayReport report;
  report.software = "lanparty-relay 1";
  report.uptime = 90s;
  report.started = 1'800'000'000;
  report.certificate_expires = 1'900'000'000;
  relay::RoomStatus room;
  room.code = "ROOM1";
  room.clients = 1;
  room.leg_rtt = {.median = 12ms, .worst = 20ms};
  room.counters.in.frames = 100;
  room.counters.in.drop(obs::DropReason::forged_source, 3);
  room.members.push_back(ada());
  report.relay.rooms.push_back(room);
  report.relay.rejected[static_cast<std::size_t>(ctrl::RejectCode::mac_taken)] = 2;
  report.packets.strangers.junk_packets = 5;
  return report;
}

TEST(RelayReportText, SaysWhoIsHereAndHowTheyFare) {
  const std::string text = to_text(a_report());
  EXPECT_THAT(text, HasSubstr("lanparty-relay 1, up 1 min: 1 room, 1 member, 0 connections without a seat, 0 bans\n"));
  EXPECT_THAT(text, HasSubstr("certificate valid until 2030-03-17\n"));
  EXPECT_THAT(text, HasSubstr("rejected: mac_taken 2\n"));
  EXPECT_THAT(text, HasSubstr("5 junk packets"));
  EXPECT_THAT(text, HasSubstr("Room ROOM1: no gateway, 1 client\n"));
  EXPECT_THAT(text, HasSubstr("3  Ada   client  02:00:00:00:00:07  203.0.113.30:4321  12.0 ms  15.0 ms"));
  EXPECT_THAT(text, HasSubstr("64/s 1.0 kB/s"));
  EXPECT_THAT(text, HasSubstr("says it sent 100 frames, 98 arrived; was sent 50, says it got 49\n"));
  EXPECT_THAT(text, HasSubstr("drops forged_source:3\n"));
}

TEST(RelayReportText, RepeatsWhatAMemberHasToComplainOf) {
  RelayReport report = a_report();
  relay::Told& told = report.relay.rooms[0].members[0].told.emplace();
  told.echoes = {.due = 60, .lost = 0};
  told.seats = 1;
  EXPECT_THAT(to_text(report), Not(HasSubstr("says it loses")));
  told = {.echoes = {.due = 60, .lost = 3},
          .gateway_echoes = {.due = 50, .lost = 5},
          .seats = 3,
          .drops = {{"queue_late", 7}, {"runt", 1}}};
  EXPECT_THAT(to_text(report),
              HasSubstr("says it loses 5.0 % of echoes to here, loses 10.0 % of echoes to the gateway, "
                        "came back 2 times, dropped queue_late:7,runt:1\n"));
}

TEST(RelayReportJson, RepeatsWhatAMemberSaysOfItself) {
  RelayReport report = a_report();
  EXPECT_TRUE(nlohmann::json::parse(to_json(report))["rooms"][0]["members"][0]["told"].is_null());
  report.relay.rooms[0].members[0].told = relay::Told{
      .echoes = {}, .gateway_echoes = {.due = 50, .lost = 5}, .queue_delay = 2ms, .seats = 3, .drops = {{"runt", 1}}};
  const auto told = nlohmann::json::parse(to_json(report))["rooms"][0]["members"][0]["told"];
  EXPECT_TRUE(told["lost_percent"].is_null());
  EXPECT_EQ(told["gateway_lost_percent"], 10);
  EXPECT_EQ(told["queue_delay_ms"], 2);
  EXPECT_EQ(told["drops"], (nlohmann::json{{"runt", 1}}));
}

TEST(RelayReportJson, HasTheSameForPrograms) {
  const auto json = nlohmann::json::parse(to_json(a_report()));
  EXPECT_EQ(json["uptime_s"], 90);
  EXPECT_EQ(json["certificate_expires"], 1'900'000'000);
  EXPECT_EQ(json["rejected"], (nlohmann::json{{"mac_taken", 2}}));
  EXPECT_EQ(json["strangers"]["junk_packets"], 5);
  const auto member = json["rooms"][0]["members"][0];
  EXPECT_EQ(member["name"], "Ada");
  EXPECT_EQ(member["rtt_ms"], 12);
  EXPECT_EQ(member["gateway_rtt_ms"], 15);
  EXPECT_EQ(member["rates"]["in"]["bytes_per_second"], 1000);
  EXPECT_EQ(member["drops"], (nlohmann::json{{"forged_source", 3}}));
  EXPECT_EQ(member["up"], (nlohmann::json{{"sent", 100}, {"arrived", 98}}));
}

TEST(RelayReportJson, HasNullForWhatIsNotKnown) {
  RelayReport report = a_report();
  report.certificate_expires.reset();
  report.relay.rooms[0].members[0].gateway_rtt.reset();
  report.relay.rooms[0].members[0].up.reset();
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_TRUE(json["certificate_expires"].is_null());
  EXPECT_TRUE(json["rooms"][0]["members"][0]["gateway_rtt_ms"].is_null());
  EXPECT_TRUE(json["rooms"][0]["members"][0]["up"].is_null());
}

TEST(RelayMetrics, HaveRoomsRolesAndReasonsAsLabels) {
  const std::string text = to_metrics(a_report());
  EXPECT_THAT(text, HasSubstr("\nlanparty_members{room=\"ROOM1\",role=\"client\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nlanparty_members{room=\"ROOM1\",role=\"gateway\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\nlanparty_frames_total{room=\"ROOM1\",direction=\"in\"} 100\n"));
  EXPECT_THAT(text, HasSubstr("\nlanparty_drops_total{room=\"ROOM1\",reason=\"forged_source\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("\nlanparty_leg_rtt_seconds{room=\"ROOM1\",statistic=\"worst\"} 0.02\n"));
  EXPECT_THAT(text, HasSubstr("\nlanparty_hellos_rejected_total{reason=\"mac_taken\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("\nlanparty_certificate_expiry_timestamp_seconds 1900000000\n"));
}

TEST(RelayMetrics, TellNothingOfASingleMember) {
  const std::string text = to_metrics(a_report());
  EXPECT_THAT(text, Not(HasSubstr("Ada")));
  EXPECT_THAT(text, Not(HasSubstr("02:00:00")));
  EXPECT_THAT(text, Not(HasSubstr("203.0.113")));
}

relay::RelayStatus part_with(std::string code, std::size_t members) {
  relay::RelayStatus part;
  part.bans = 2;
  part.waiting = 3;
  part.not_seated = 4;
  part.rejected[0] = 5;
  part.rooms.emplace_back().code = std::move(code);
  part.rooms.back().members.resize(members);
  return part;
}

TEST(WhatWorkersSay, IsAddedUpAndSortedByRoom) {
  const relay::RelayStatus whole = merge({part_with("BETA", 1), part_with("ALPHA", 1)}, 10);
  EXPECT_EQ(whole.rooms.at(0).code, "ALPHA");
  EXPECT_EQ(whole.rooms.at(1).code, "BETA");
  EXPECT_EQ(whole.waiting, 6u);
  EXPECT_EQ(whole.not_seated, 8u);
  EXPECT_EQ(whole.rejected[0], 10u);
}

TEST(WhatWorkersSay, HasTheBansOnceThatTheyAllKnow) {
  EXPECT_EQ(merge({part_with("A", 0), part_with("B", 0)}, 10).bans, 2u);
}

TEST(WhatWorkersSay, DescribesSoManyMembersAtMost) {
  const relay::RelayStatus whole = merge({part_with("A", 4), part_with("B", 4)}, 5);
  EXPECT_EQ(whole.rooms[0].members.size(), 4u);
  EXPECT_EQ(whole.rooms[1].members.size(), 1u);
  EXPECT_EQ(whole.rooms[1].not_listed, 3u);
}

}  // namespace
}  // namespace softlan::runtime
