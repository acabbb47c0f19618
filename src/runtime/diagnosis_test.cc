#include "runtime/diagnosis.h"

#include <gmock/gmock.h>

#include "proto/test_frames.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MachineFacts a_machine() {
  return {.system = "Debian GNU/Linux 12, Linux 6.1",
          .card = CardFacts{.name = "lanparty0",
                            .index = 12,
                            .mac = proto::test::test_mac(7),
                            .mtu = 1500,
                            .addresses = std::vector<std::string>{"10.77.0.104/24"}},
          .way = WayFacts{.interface = "eth0", .source = parse_ip("203.0.113.30"), .next_hop = parse_ip("192.168.1.1")},
          .notices = {"Something is odd."}};
}

Diagnosis a_diagnosis() {
  return {.software = "lanparty-client 1",
          .unix_time = 1'800'000'000,
          .flags = {"--name", "Ada"},
          .machine = a_machine(),
          .running = {}};
}

std::string text_of(const Diagnosis& diagnosis) { return to_text(diagnosis, {}, {}); }

TEST(Diagnosis, SaysWhatRunsWhere) {
  const std::string text = text_of(a_diagnosis());
  EXPECT_THAT(text, HasSubstr("# lanparty-client 1, 2027-01-15 08:00 UTC\n"));
  EXPECT_THAT(text, HasSubstr("flags: --name Ada\n"));
  EXPECT_THAT(text, HasSubstr("system: Debian GNU/Linux 12, Linux 6.1\n"));
  EXPECT_THAT(text, HasSubstr("card: lanparty0 (#12), 02:00:00:00:00:07, MTU 1500\naddresses: 10.77.0.104/24\n"));
  EXPECT_THAT(text, HasSubstr("way to the relay: eth0, from 203.0.113.x by 192.168.1.1\n"));
  EXPECT_THAT(text, HasSubstr("Something is odd.\n"));
}

TEST(Diagnosis, SaysWhatIsMissing) {
  Diagnosis diagnosis = a_diagnosis();
  diagnosis.machine = {};
  const std::string text = text_of(diagnosis);
  EXPECT_THAT(text, HasSubstr("card: not there\nway to the relay: not known\n"));
  EXPECT_THAT(text, HasSubstr("none answers on this machine\n"));
  EXPECT_THAT(text, HasSubstr("none: add the flags you join with"));
  EXPECT_THAT(text, Not(HasSubstr("log file")));
}

TEST(Diagnosis, HasTheFindingsOfTheVisit) {
  Diagnosis diagnosis = a_diagnosis();
  diagnosis.relay = doctor::Findings{{doctor::Matter::relay_unreachable, {"relay.example.org:443"}}};
  EXPECT_THAT(text_of(diagnosis), HasSubstr("## A visit to the relay\nproblem  relay.example.org:443"));
}

TEST(Diagnosis, HasWhatTheRunningProgramSays) {
  MemberReport report{
      .software = "lanparty-client 1", .uptime = 90s, .session = {}, .rates = {}, .machine = a_machine()};
  report.session.room = "ROOM1";
  report.session.port.in.drop(obs::DropReason::tunnel_in_tunnel, 3);
  Diagnosis diagnosis = a_diagnosis();
  diagnosis.running = running_part(report, {"--dhcp"}, {"one", "two"});
  const std::string text = text_of(diagnosis);
  EXPECT_THAT(text, HasSubstr("drops: tunnel_in_tunnel:3\n"));
  EXPECT_THAT(text, HasSubstr("flags: --dhcp\n"));
  EXPECT_THAT(text, HasSubstr("## What it said last\none\ntwo\n"));
}

TEST(Diagnosis, HasTheLastLinesOfALog) {
  Diagnosis diagnosis = a_diagnosis();
  diagnosis.log_file = "log.txt";
  diagnosis.last_lines = last_lines_of("one\ntwo\r\nthr\x1b[2Jee\nfour", 3);
  EXPECT_THAT(diagnosis.last_lines, ElementsAre("two", "thr?[2Jee", "four"));
  EXPECT_THAT(text_of(diagnosis), HasSubstr("two\nthr?[2Jee\nfour\n"));
  EXPECT_THAT(last_lines_of("", 3), IsEmpty());
  EXPECT_THAT(last_lines_of("\n", 3), ElementsAre(""));
}

// Whatever fills a part in may be careless: the report is not.
TEST(Diagnosis, NeverHoldsASecretWhereverItComesFrom) {
  const std::vector<std::string> secrets{"correct horse", "lanparty://relay.example.org/ROOM1?pin=PIN#correct%20horse",
                                         "k7qm-3tfw-9xhd-vb2c", std::string(43, 'P'),
                                         "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----"};
  for (const std::string& secret : secrets) {
    const std::string careless = "x " + secret + " x";
    Diagnosis diagnosis = a_diagnosis();
    diagnosis.software = diagnosis.running = diagnosis.log_file = careless;
    diagnosis.flags = diagnosis.last_lines = diagnosis.machine.notices = {careless, secret};
    diagnosis.machine.system = diagnosis.machine.card->name = diagnosis.machine.card->driver = careless;
    diagnosis.machine.card->guid = diagnosis.machine.way->interface = diagnosis.machine.way->pinned = careless;
    diagnosis.machine.card->addresses = {careless};
    diagnosis.relay = doctor::Findings{{doctor::Matter::relay_refuses, {careless, careless}}};
    MemberReport report{.software = careless, .uptime = 1s, .session = {}, .rates = {}, .machine = diagnosis.machine};
    report.session.room = report.session.relay = report.session.name = careless;
    report.session.peers.push_back({.peer = PeerId{1}, .role = ctrl::Role::client, .mac = {}, .name = careless});
    diagnosis.running += running_part(report, diagnosis.flags, diagnosis.last_lines);
    const std::string text = to_text(diagnosis, secrets, {});
    EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_THAT(text, HasSubstr("[removed]"));
    for (const char* part : {"horse", "k7qm", "PPPP", "MC4CAQ", "PIN#"}) EXPECT_THAT(text, Not(HasSubstr(part)));
  }
}

}  // namespace
}  // namespace softlan::runtime
