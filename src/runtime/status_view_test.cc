#include "runtime/status_view.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.h"
#include "proto/test_frames.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using proto::test::test_mac;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kWidth = 78;

ctrl::PeerJoined client(std::uint8_t number, std::string name) {
  return {.peer = PeerId{number}, .role = ctrl::Role::client, .mac = test_mac(number), .name = std::move(name)};
}

MemberReport a_report() {
  MemberReport report{.software = "lanparty-client 1", .uptime = 12min, .session = {}, .rates = {}};
  session::Status& status = report.session;
  status.room = "PARTY1";
  status.name = "Ada";
  status.relay = "relay.example.org:443";
  status.relay_address = SocketAddress{.ip = *parse_ip("203.0.113.10"), .port = 443, .scope = 0};
  status.seated = true;
  status.seats = 1;
  status.gateway_present = true;
  status.round_trips = {.relay = 12400us, .gateway = 21ms};
  status.echoes = {.relay = {.due = 60, .lost = 0}, .gateway = {.due = 60, .lost = 3}};
  status.budget = 1442;
  status.peers = {client(3, "Bob"), client(4, "Cleo"), client(5, "")};
  status.peers.push_back({.peer = PeerId{1}, .role = ctrl::Role::gateway, .mac = test_mac(1), .name = "Hall"});
  status.link.out.frames = 2619;
  status.link.in.frames = 2611;
  status.link.out.drop(obs::DropReason::queue_late, 1);
  status.port.in.drop(obs::DropReason::forged_source, 32);
  report.rates.out = {.frames_per_second = 64, .bits_per_second = 98'400, .drops_per_second = 0};
  report.machine.card = CardFacts{.name = "lanparty0",
                                  .index = 12,
                                  .mac = test_mac(7),
                                  .mtu = 1500,
                                  .addresses = std::vector<std::string>{"10.77.0.104/24"}};
  report.machine.way = WayFacts{
      .interface = "wlan0", .index = 3, .source = parse_ip("192.168.1.7"), .next_hop = parse_ip("192.168.1.1")};
  return report;
}

std::vector<std::string> texts(const std::vector<ViewLine>& lines) {
  std::vector<std::string> texts;
  for (const ViewLine& line : lines) texts.push_back(line.text);
  return texts;
}

std::vector<std::string> view(const MemberReport& report, std::size_t width = kWidth) {
  return texts(status_view(report, width));
}

Mood mood_of(const MemberReport& report, std::string_view label) {
  for (const ViewLine& line : status_view(report, kWidth)) {
    if (line.text.starts_with(label)) return line.mood;
  }
  return Mood::plain;
}

TEST(StatusView, IsTenLines) {
  EXPECT_THAT(view(a_report()),
              ElementsAre("room PARTY1, as Ada                                                  up 12 min",
                          "Relay    relay.example.org:443 (203.0.113.10:443)          12.4 ms, 0.0 % lost",
                          "LAN      the gateway Hall is here                          21.0 ms, 5.0 % lost",
                          "Address  10.77.0.104/24", "Card     lanparty0 (#12), 02:00:00:00:00:07, MTU 1500",
                          "Way      wlan0 (#3), from 192.168.1.7 by 192.168.1.1",
                          "Sent     2619 frames, 64/s 12.3 kB/s; a datagram holds 1442 bytes",
                          "Got      2611 frames, 0/s 0 B/s", "Drops    forged_source 32, queue_late 1",
                          "Here     Hall (gateway), Bob, Cleo, 02:00:00:00:00:05"));
}

TEST(StatusView, SaysThatThereIsNoSeat) {
  MemberReport report = a_report();
  report.session.seated = false;
  EXPECT_THAT(view(report), Contains("Relay    relay.example.org:443 (203.0.113.10:443): not in the room now, trying"));
  EXPECT_THAT(view(report), Not(Contains(HasSubstr("LAN  "))));
  EXPECT_THAT(view(report), Not(Contains(HasSubstr("Here"))));
  EXPECT_EQ(mood_of(report, "Relay"), Mood::waiting);
}

TEST(StatusView, SaysThatTheGatewayIsMissing) {
  MemberReport report = a_report();
  report.session.gateway_present = false;
  EXPECT_THAT(view(report), Contains("LAN      no gateway here: you reach the other players, but not the LAN"));
  EXPECT_EQ(mood_of(report, "LAN"), Mood::waiting);
}

TEST(StatusView, SaysThatThereIsNoAddressYet) {
  MemberReport report = a_report();
  report.machine.card->addresses->clear();
  EXPECT_THAT(view(report), Contains("Address  none yet"));
  EXPECT_EQ(mood_of(report, "Address"), Mood::waiting);
  report.machine.card->addresses.reset();
  EXPECT_THAT(view(report), Not(Contains(HasSubstr("Address"))));
}

TEST(StatusView, ShowsWhatAnotherSystemKnowsOfItsCard) {
  MemberReport report = a_report();
  report.machine.card = CardFacts{.name = "softlan",
                                  .guid = "{0A1B}",
                                  .index = 12,
                                  .luid = 0x35000000000000,
                                  .driver = "TAP-Windows 9.27",
                                  .addresses = {}};
  report.machine.way->pinned = "host route";
  EXPECT_THAT(view(report), Contains("Card     softlan (#12), TAP-Windows 9.27, LUID 0x35000000000000, {0A1B}"));
  EXPECT_THAT(view(report), Contains("Way      wlan0 (#3), from 192.168.1.7 by 192.168.1.1 (host route)"));
}

TEST(StatusView, OfAMachineThatTellsNothingHasWhatTheSessionKnows) {
  MemberReport report = a_report();
  report.machine = {};
  EXPECT_THAT(view(report), Contains("Sent     2619 frames, 64/s 12.3 kB/s; a datagram holds 1442 bytes"));
  EXPECT_THAT(view(report), Not(Contains(HasSubstr("Way  "))));
  EXPECT_THAT(view(report), Not(Contains(HasSubstr("Card"))));
}

TEST(StatusView, OfAGatewaySaysWhetherPlayersAreOnItsLan) {
  MemberReport report = a_report();
  report.session.role = ctrl::Role::gateway;
  EXPECT_EQ(mood_of(report, "LAN      players are on it"), Mood::fine);
  report.session.trouble = obs::Condition::lan_loop;
  EXPECT_EQ(mood_of(report, "LAN      The LAN has a loop"), Mood::wrong);
}

TEST(StatusView, EndsWithWhatIsWrong) {
  MemberReport report = a_report();
  report.machine.notices = {"Your home network uses the party's addresses."};
  const ViewLine last = status_view(report, kWidth).back();
  EXPECT_EQ(last, (ViewLine{Mood::wrong, "Your home network uses the party's addresses."}));
}

TEST(StatusView, NamesAsManyAsFitAndCountsTheOthers) {
  MemberReport report = a_report();
  for (std::uint8_t i = 0; i < 40; ++i) report.session.peers.push_back(client(i, fmt::format("player{:02}", i)));
  const std::string here = view(report).back();
  EXPECT_THAT(here, HasSubstr("Here     Hall (gateway), Bob, Cleo, "));
  EXPECT_THAT(here, testing::ContainsRegex(", player\\w+ and \\w+ more$"));
  EXPECT_LE(columns(here), kWidth);
}

TEST(StatusView, SaysHowOftenItCameBack) {
  MemberReport report = a_report();
  report.session.seats = 3;
  EXPECT_THAT(view(report)[0], HasSubstr("room PARTY1, as Ada (came back 2 times)"));
}

TEST(StatusView, ShowsHostileNamesHarmlessly) {
  MemberReport report = a_report();
  for (const char* name : {"\x1b[2J\x1b[31mred", "two\nlines\r", "\xff\xfe broken", "\u202eback", "\u0000\u009b2K"}) {
    report.session.peers.push_back(client(9, name));
    report.session.peers.front().name = name;
  }
  for (const std::string& text : view(report, 400)) {
    EXPECT_TRUE(is_utf8(text));
    EXPECT_EQ(printable(text, 1000), text);
  }
  EXPECT_THAT(view(report, 400).back(), HasSubstr("?[2J?[31mred, two?lines?"));
}

TEST(StatusView, IsNeverWiderThanTheTerminal) {
  MemberReport report = a_report();
  report.session.peers.push_back(client(9, "王小明王小明王小明王小明王小明王小明"));
  report.machine.notices = {std::string(300, 'x')};
  for (std::size_t width = 0; width < 100; ++width) {
    for (const std::string& text : view(report, width)) EXPECT_LE(columns(text), width) << text;
  }
}

}  // namespace
}  // namespace softlan::runtime
