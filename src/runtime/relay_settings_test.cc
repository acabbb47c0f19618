#include "runtime/relay_settings.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace softlan::runtime {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// 2026-08-03, 12:00 UTC, five seconds after the machine was started.
constexpr Moment kNoon{.now = TimePoint{} + seconds(5), .unix_time = 1785758400};

Result<RelaySettings> parse(const std::string& text) { return parse_relay_settings(text, "relay.toml", kNoon); }

RelaySettings settings(const std::string& text) {
  auto parsed = parse(text);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? *std::move(parsed) : RelaySettings{};
}

std::string mistake(const std::string& text) {
  const auto parsed = parse(text);
  return parsed ? "" : parsed.error().message;
}

// Without its place.
std::string sentence(const std::string& text) {
  const std::string told = mistake(text);
  return told.substr(std::min(told.size(), told.find(": ") + 2));
}

std::string verifier(std::uint8_t salt, const std::string& pass = "pass") {
  return to_string(auth::make_verifier(pass, std::vector<std::uint8_t>(16, salt)));
}

// A room with these lines for its passes.
std::string room(const std::string& client_passes, const std::string& gateway_passes) {
  return "[[room]]\ncode = \"FRIDAY\"\nclient_passes = " + client_passes + "\ngateway_passes = " + gateway_passes +
         "\n";
}
std::string quoted(const std::string& text) { return '"' + text + '"'; }

TEST(RelaySettings, AnEmptyFileIsARelayWithItsDefaults) {
  const RelaySettings read = settings("");
  EXPECT_EQ(read.listen, std::vector<std::string>{"443/udp"});
  EXPECT_EQ(read.entry, relay::Entry::open);
  EXPECT_EQ(read.relay.rules.max_seats, 64u);
  EXPECT_TRUE(read.relay.own_rules.empty());
}

TEST(RelaySettings, SayWhatTheRelayIs) {
  const RelaySettings read = settings(R"(
listen = ["192.0.2.1:443", "[2001:db8::1]:443"]
server_names = "relay.example.org"
cert = "/etc/lanparty/chain.pem"
key = "/etc/lanparty/key.pem"
state_dir = "/var/lib/lanparty/relay"
rooms = "listed"
threads = 5
priority = false
room_mtu = 1400
max_rooms = 3
max_seats = 20
)");
  EXPECT_EQ(read.listen.size(), 2u);
  EXPECT_EQ(read.server_names, std::vector<std::string>{"relay.example.org"});
  EXPECT_EQ(read.certificate_file, "/etc/lanparty/chain.pem");
  EXPECT_EQ(read.key_file, "/etc/lanparty/key.pem");
  EXPECT_EQ(read.state_directory, "/var/lib/lanparty/relay");
  EXPECT_EQ(read.entry, relay::Entry::listed);
  EXPECT_EQ(read.threads, 5u);
  EXPECT_FALSE(read.priority);
  EXPECT_EQ(read.relay.room_mtu, 1400);
  EXPECT_EQ(read.relay.max_rooms, 3u);
  EXPECT_EQ(read.relay.rules.max_seats, 20u);
}

TEST(RelaySettings, SayWhatIsGuardedAndHowMuchIsTooMuch) {
  const relay::RoomRules rules = settings(R"(
[guards]
eapol = false
allowed_vlans = [7, 8]
opened_ports = [445]
[limits]
mss_clamp = false
room_bytes_per_second = 125_000_000
client = { broadcast_kind_per_second = 5, broadcast_per_second = 10, bytes_per_second = 0 }
gateway.broadcast_per_second = 100
)")
                                     .relay.rules;
  EXPECT_FALSE(rules.guards.eapol);
  EXPECT_TRUE(rules.guards.pause);
  EXPECT_EQ(rules.guards.allowed_vlans, (std::vector<std::uint16_t>{7, 8}));
  EXPECT_EQ(rules.guards.opened_ports, (std::vector<std::uint16_t>{445}));
  EXPECT_FALSE(rules.limits.mss_clamp);
  EXPECT_EQ(rules.limits.room_bytes_per_second, 125'000'000u);
  EXPECT_EQ(rules.limits.broadcast_kind_per_second, 5u);
  EXPECT_EQ(rules.limits.client.broadcast_per_second, 10u);
  EXPECT_EQ(rules.limits.client.unknown_unicast_per_second, relay::kDefaultLimits.unknown_unicast_per_second);
  EXPECT_EQ(rules.limits.gateway.broadcast_per_second, 100u);
}

TEST(RelaySettings, ARoomChangesWhatItNamesAndKeepsTheRest) {
  const RelaySettings read = settings(R"(
max_seats = 30
[guards]
eapol = false
[[room]]
code = "friday"
max_seats = 10
guards.pause = false
[[room]]
code = "SATURDAY"
)");
  const relay::RoomRules& friday = read.relay.rules_of("FRIDAY");
  EXPECT_EQ(friday.max_seats, 10u);
  EXPECT_FALSE(friday.guards.pause);
  EXPECT_FALSE(friday.guards.eapol);
  EXPECT_EQ(read.relay.rules_of("SATURDAY").max_seats, 30u);
  EXPECT_TRUE(read.relay.rules_of("ANOTHER").guards.pause);
}

TEST(RelaySettings, ARoomMayHaveSeveralPassesSomeOfWhichExpire) {
  const std::string later = "{ verifier = " + quoted(verifier(1, "later")) + ", expires = 2026-08-03T15:00:00+02:00 }";
  const RelaySettings read =
      settings(room("[" + quoted(verifier(1)) + ", " + later + "]", "[" + quoted(verifier(2)) + "]"));
  const relay::RoomPasses& passes = read.passes.at("FRIDAY");
  ASSERT_EQ(passes.clients.size(), 2u);
  EXPECT_EQ(to_string(passes.clients[0].verifier), verifier(1));
  EXPECT_EQ(passes.clients[0].expires, kNever);
  EXPECT_EQ(passes.clients[1].expires, kNoon.now + hours(1));
  EXPECT_EQ(passes.gateways.size(), 1u);
}

TEST(RelaySettings, ARoomWithoutPassesOnlyHasRules) {
  const RelaySettings read = settings("[[room]]\ncode = \"FRIDAY\"\nmax_seats = 5\n");
  EXPECT_TRUE(read.passes.empty());
  EXPECT_EQ(read.relay.rules_of("FRIDAY").max_seats, 5u);
}

TEST(RelaySettings, TimesAreOfTheWorldUnlessTheySayOtherwise) {
  const auto expiry = [](const std::string& time) {
    return settings("[[room]]\ncode = \"A\"\nexpires = " + time).relay.rules_of("A").expires;
  };
  EXPECT_EQ(expiry("2026-08-03T13:00:00Z"), kNoon.now + hours(1));
  EXPECT_EQ(expiry("2026-08-03T13:00:00"), kNoon.now + hours(1));
  EXPECT_EQ(expiry("2026-08-03T13:00:00-01:00"), kNoon.now + hours(2));
  EXPECT_EQ(expiry("2026-08-03"), kNoon.now + hours(12));
  EXPECT_EQ(expiry("2001-01-01"), kNoon.now);
  EXPECT_EQ(expiry("9999-12-31"), kNever);
}

TEST(RelaySettings, TheFirstMistakeOfAFileIsTold) {
  EXPECT_EQ(mistake("max_rooms = 0\n[limits]\nbad = 1\n"), "relay.toml:1:13: max_rooms is 0; it takes 1 to 65535");
  EXPECT_EQ(mistake("max_sets = 3\nmax_rooms = 0\n"),
            "relay.toml:1:1: 'max_sets' is not a key of this file; did you mean 'max_seats'?");
}

TEST(RelaySettings, UnknownKeysAreMistakes) {
  EXPECT_EQ(mistake("[guards]\ndhcp = false\n").substr(0, 66),
            "relay.toml:2:1: 'dhcp' is not a key of [guards]; the keys are swit");
  EXPECT_EQ(mistake("[[room]]\ncode = \"A\"\n[room.limits.client]\nbyte_per_second = 1\n"),
            "relay.toml:4:1: 'byte_per_second' is not a key of [room.limits.client]; did you mean "
            "'bytes_per_second'?");
}

TEST(RelaySettings, WrongTypesAreMistakes) {
  EXPECT_EQ(sentence("max_rooms = \"3\""), "max_rooms is a text; it takes whole numbers from 1 to 65535");
  EXPECT_EQ(sentence("listen = 443"),
            "listen is a whole number; it takes a text in quotes, or a list of them in square brackets");
  EXPECT_EQ(sentence("guards.opened_ports = 445"),
            "opened_ports is a whole number; it takes a list in square brackets");
  EXPECT_EQ(sentence("listen = [443]"), "listen is a whole number; it takes a text in quotes");
  EXPECT_EQ(sentence("limits = 3"), "limits is a whole number; it takes a section [limits]");
  EXPECT_EQ(sentence("[room]\ncode = \"A\""), "room is a section; it takes sections that begin with [[room]]");
  EXPECT_EQ(sentence("guards.eapol = 1"), "eapol is a whole number; it takes true or false");
  EXPECT_NE(mistake("[[room]]\ncode = \"A\"\nexpires = \"2026-08-09\"").find("without quotes"), std::string::npos);
}

TEST(RelaySettings, ValuesThatMeanNothingAreMistakes) {
  EXPECT_NE(mistake("listen = \"443\"").find("write it like 443/udp"), std::string::npos);
  EXPECT_NE(mistake("listen = []").find("listen is empty"), std::string::npos);
  EXPECT_NE(mistake("rooms = \"closed\"").find("none of open, listed and passless"), std::string::npos);
  EXPECT_NE(mistake("cert = \"/chain.pem\"").find("go together"), std::string::npos);
  EXPECT_NE(mistake("guards.opened_ports = [80]").find("never closes"), std::string::npos);
  EXPECT_NE(mistake("guards.allowed_vlans = [4095]").find("1 to 4094"), std::string::npos);
  EXPECT_NE(mistake("[[room]]\ncode = \"no blanks\"").find("is not a room code"), std::string::npos);
  EXPECT_NE(mistake("[[room]]\nmax_seats = 3").find("has no code"), std::string::npos);
}

TEST(RelaySettings, WhatIsNoTomlIsToldByItsPlace) {
  EXPECT_EQ(mistake("listen = \"443/udp\nrooms = 1").substr(0, 13), "relay.toml:1:");
  EXPECT_NE(mistake("a = 1\na = 2"), "");
}

TEST(RelaySettings, WhatMisleadsTheParserIsToldByItsLine) {
  for (const char* line :
       {"[:4", "[[[room]]]", "[", "[[", "[[ ]]", "[]", "  [ [limits]", "[=]", "[\r\n", "\t[[\"", "[#", "a = [}"}) {
    const std::string told = mistake(std::string("max_rooms = 3\n") + line + "\n");
    EXPECT_TRUE(told.starts_with("relay.toml:2:")) << line << ": " << told;
  }
  EXPECT_EQ(mistake("[ limits ]\n\t[ \"guards\" ]\n[[ room ]]\ncode = 'A'\n[room.'limits']\n"), "");
}

TEST(RelaySettings, LettersBeyondAsciiAreForComments) {
  const std::string umlaut = "\xc3\xbc";
  const auto place = [](const std::string& told) { return told.substr(0, told.find(": ")); };
  EXPECT_EQ(mistake("# " + umlaut + "\nstate_dir = \"/srv\\\"'#\"  # " + umlaut + "\n"), "");
  EXPECT_EQ(mistake("\xef\xbb\xbfkey = '/\\#' # " + umlaut + "\ncert = '/c'"), "");
  EXPECT_EQ(place(mistake("gr" + umlaut + " = 1")), "relay.toml:1:3");
  EXPECT_EQ(place(mistake("rooms = 'open'\nstate_dir = \"/" + umlaut + "\"")), "relay.toml:2:15");
  EXPECT_EQ(place(mistake("rooms = 'open\\' " + umlaut)), "relay.toml:1:17");
  EXPECT_EQ(place(mistake("state_dir = \"\\" + umlaut + "#\"")), "relay.toml:1:15");
  EXPECT_EQ(sentence("state_dir = \"\"\"/srv\n\"\"\""), "a text begins and ends on one line");
}

TEST(RelaySettings, ARoomIsInTheFileOnce) {
  EXPECT_NE(mistake("[[room]]\ncode = \"a\"\n[[room]]\ncode = \"A\"").find("relay.toml:4:8: room A is in this file"),
            std::string::npos);
}

TEST(RelaySettings, PassesThatWouldLetNobodyInAreMistakes) {
  const std::string one = "[" + quoted(verifier(1)) + "]";
  const std::string two_salts = "[" + quoted(verifier(1)) + ", " + quoted(verifier(3, "new")) + "]";
  const std::string other = "[" + quoted(verifier(2)) + "]";
  EXPECT_EQ(mistake(room(one, other)), "");
  EXPECT_NE(mistake(room("[\"k7qm-3tfw-9xhd-vb2c\"]", other)).find("new-pass"), std::string::npos);
  EXPECT_EQ(mistake(room("[\"k7qm-3tfw-9xhd-vb2c\"]", other)).find("k7qm"), std::string::npos);
  EXPECT_NE(mistake(room("[{ expires = 2026-08-09 }]", other)).find("no verifier"), std::string::npos);
  EXPECT_NE(mistake(room("[]", other)).find("nothing in it"), std::string::npos);
  EXPECT_NE(mistake(room(two_salts, other)).find("different salts"), std::string::npos);
  EXPECT_NE(mistake(room(one, one)).find("its gateway's seat"), std::string::npos);
  EXPECT_NE(mistake("[[room]]\ncode = \"A\"\nclient_passes = " + one).find("no gateway_passes"), std::string::npos);
  EXPECT_NE(mistake("rooms = \"listed\"\n[[room]]\ncode = \"A\"").find("nobody could enter"), std::string::npos);
}

TEST(RelaySettings, AFileThatIsNotThereIsNamed) {
  const auto loaded = load_relay_settings("/no/such/relay.toml", kNoon);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("/no/such/relay.toml"), std::string::npos);
}

}  // namespace
}  // namespace softlan::runtime
