#include "runtime/doctor_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using doctor::Matter;

const doctor::Findings kFindings = {{Matter::may_listen}, {Matter::no_cable, {"eth0"}}, {Matter::no_dhcp_server}};

TEST(DoctorReport, HasALineForEachFindingAndACount) {
  const std::string text = doctor_text(kFindings);
  EXPECT_EQ(std::ranges::count(text, '\n'), 4);
  EXPECT_NE(text.find("fine     This program"), std::string::npos) << text;
  EXPECT_NE(text.find("\nproblem  eth0 has no cable"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("1 problem stands in the way.\n")) << text;
}

TEST(DoctorReport, SaysSoWhenNothingStandsInTheWay) {
  EXPECT_TRUE(doctor_text({{Matter::no_dhcp_server}}).ends_with("Nothing stands in the way.\n"));
  EXPECT_TRUE(doctor_text({{Matter::no_cable}, {Matter::wireless}}).ends_with("2 problems stand in the way.\n"));
}

TEST(DoctorReport, IsOneJsonObject) {
  doctor::Relay relay{.name = "r", .server_name = "r", .room = "R", .visits = {}};
  doctor::Visit visit;
  visit.answered = SocketAddress{.ip = parse_ip("192.0.2.1").value(), .port = 443};
  visit.echoes = {10ms, 14ms};
  visit.echoes_sent = 3;
  visit.budget = 1440;
  relay.visits.push_back(visit);
  const auto json = nlohmann::json::parse(doctor_json("eth0", kFindings, relay));
  EXPECT_EQ(json["interface"], "eth0");
  EXPECT_EQ(json["problems"], 1);
  EXPECT_EQ(json["findings"][1]["name"], "no_cable");
  EXPECT_EQ(json["findings"][1]["weight"], "problem");
  EXPECT_EQ(json["relay"]["address"], "192.0.2.1:443");
  EXPECT_EQ(json["relay"]["rtt_ms"], 12.0);
  EXPECT_EQ(json["relay"]["jitter_ms"], 4.0);
  EXPECT_EQ(json["relay"]["echoes_lost"], 1);
  EXPECT_EQ(json["relay"]["budget"], 1440);
}

TEST(DoctorReport, WhatWasNotMeasuredIsNull) {
  doctor::Relay relay{.name = "r", .server_name = "r", .room = "R", .visits = {doctor::Visit{}}};
  const auto json = nlohmann::json::parse(doctor_json("eth0", {}, relay));
  EXPECT_TRUE(json["relay"]["rtt_ms"].is_null());
  EXPECT_TRUE(json["relay"]["address"].is_null());
  EXPECT_FALSE(nlohmann::json::parse(doctor_json("eth0", {}, {})).contains("relay"));
}

}  // namespace
}  // namespace softlan::runtime
