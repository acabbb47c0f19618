// Seeds of the targets `control`, `arguments` and `relay_settings`.

#include <fmt/format.h>

#include <string_view>

#include "ctrl/codec.h"
#include "fuzz/seeds.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::test::append;
using proto::test::append_be32;
using proto::test::Frame;

Frame bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// Inputs of control_fuzz.cc: messages one after the other, arriving in pieces of `piece` bytes.
Frame stream(std::uint8_t piece, const std::vector<ctrl::Message>& messages) {
  Frame input = {piece};
  for (const auto& message : messages) append(input, ctrl::encode(message));
  return input;
}
Frame json(std::string_view text) {
  Frame input = {0};
  append_be32(input, static_cast<std::uint32_t>(text.size()));
  append(input, bytes_of(text));
  return input;
}
// A text without its length, for the target's second look.
Frame bare(std::string_view text) { return bytes_of(std::string(1, '\0') + std::string(text)); }

ctrl::Hello hello() {
  return {.role = ctrl::Role::gateway,
          .room = "ROOM1",
          .mac = proto::test::test_mac(1),
          .name = "Zo\xc3\xab \"Q\"",
          .software = "lanparty-gateway 0.1.0",
          .capabilities = {"fragment", "echo"},
          .budget = 1414,
          .previous = PeerId{7}};
}

ctrl::Welcome welcome() {
  return {.peer = PeerId{1},
          .mtu = 1500,
          .gateway = PeerId{2},
          .limits = {200, 200, 125'000'000},
          .keep_alive_ms = 5000,
          .software = "lanparty-relay 0.1.0",
          .capabilities = {"fragment"}};
}

}  // namespace

Seeds control_seeds() {
  const ctrl::PeerJoined joined{.peer = PeerId{2}, .mac = proto::test::test_mac(2), .name = "player2"};
  const ctrl::Stats stats{.frames_sent = 1, .drops = {{"no_gateway", 2}, {"queue_full", 3}}, .rtt_us = 25'000};
  return {
      {"hello", stream(0, {hello()})},
      {"welcome_in_small_pieces", stream(3, {welcome()})},
      {"reject", stream(0, {ctrl::Reject{ctrl::RejectCode::mac_taken, "Another member has it.", true}})},
      {"peers_come_and_go", stream(1, {joined, ctrl::PeerLeft{PeerId{2}, "left"}})},
      {"stats", stream(0, {stats})},
      {"budget_and_disconnect", stream(7, {ctrl::Budget{1200}, ctrl::Disconnect{"bye"}})},
      {"unknown_type", json(R"({"type":"later","field":[1,2,{"a":null}]})")},
      {"length_of_zero", {0, 0, 0, 0, 0}},
      {"length_too_large", {0, 0, 1, 0, 1}},
      {"length_cut_short", {0, 0, 0}},
      {"no_type", bare("{}")},
      {"not_an_object", bare("[1]")},
      {"deep", bare(R"({"type":[[[[[[[[[[[]]]]]]]]]]]})")},
      {"broken_utf8", bare("{\"type\":\"disconnect\",\"reason\":\"\xff\"}")},
      {"escapes", bare(R"({"type":"disconnect","reason":"\u001b[31m\u202e\ud83c\udfae"})")},
      {"drop_reasons_that_become_equal", bare(R"({"type":"stats","drops":{"a\u0001":1,"a\u0002":2}})")},
      {"number_too_large", bare(R"({"type":"budget","bytes":18446744073709551616})")},
      {"twice_the_same_field", bare(R"({"type":"budget","bytes":1,"bytes":2})")},
  };
}

Seeds arguments_seeds() {
  Seeds seeds;
  for (const auto& [name, text] : std::initializer_list<std::pair<const char*, std::string_view>>{
           {"host_and_port", "relay.example.org:443"},
           {"ipv4_and_port", "192.0.2.1:443"},
           {"ipv6_and_port", "[2001:db8::1]:443"},
           {"port_too_large", "192.0.2.1:65536"},
           {"port_for_every_address", "443/udp"},
           {"ipv4", "192.0.2.1"},
           {"ipv4_with_leading_zero", "192.0.02.1"},
           {"ipv6", "2001:db8:0:0:1::1"},
           {"ipv6_any", "::"},
           {"ipv6_with_ipv4", "::ffff:192.0.2.1"},
           {"ipv6_with_two_gaps", "1::2::3"},
           {"mac", "02:00:5e:10:00:01"},
           {"mac_with_dashes", "02-00-5E-10-00-0A"},
           {"room", "Room_1-b"},
           {"name_with_accents", "  Zo\xc3\xab \xf0\x9f\x8e\xae "},
           {"control_characters", "\x1b[31mred\x7f\xc2\x9b"},
           {"text_direction",
            "a\xe2\x80\xae"
            "b"},
           {"overlong_utf8", "\xc0\xaf\xe0\x80\xaf"},
           {"surrogate", "\xed\xa0\x80"},
       }) {
    seeds[name] = bytes_of(text);
  }
  return seeds;
}

Seeds relay_settings_seeds() {
  constexpr std::string_view kVerifier =
      "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  const auto room = [&](std::string_view clients, std::string_view gateways) {
    return fmt::format("[[room]]\ncode = \"A\"\nclient_passes = [{}]\ngateway_passes = [{}]\n", clients, gateways);
  };
  const std::string quoted = fmt::format("\"{}\"", kVerifier);
  const std::string other = fmt::format("\"{}B{}\"", kVerifier.substr(0, 20), kVerifier.substr(21));
  const std::string expiring = fmt::format("{{ verifier = {}, expires = 2026-08-09T23:00:00+02:00 }}", other);
  Seeds seeds;
  for (const auto& [name, text] : std::initializer_list<std::pair<const char*, std::string>>{
           {"everything",
            "listen = [\"443/udp\", \"[::1]:443\"]\nserver_names = \"a.example\"\ncert = \"/c\"\nkey = \"/k\"\n"
            "state_dir = \"/s\"\nrooms = \"listed\"\nroom_mtu = 1400\nmax_rooms = 3\nmax_seats = 20\n"
            "[guards]\neapol = false\nallowed_vlans = [7]\nopened_ports = [445]\n[limits]\nmss_clamp = false\n"
            "room_bytes_per_second = 1_000\n[limits.client]\nbroadcast_kind_per_second = 0\n"
            "[limits.gateway]\nbytes_per_second = 0x10\n" +
                room(quoted, expiring)},
           {"room_with_rules", "[[room]]\ncode = \"b\"\nexpires = 2026-08-09\nguards.pause = false\nmax_seats = 2\n"},
           {"two_rooms_of_one_code", "[[room]]\ncode = \"b\"\n[[room]]\ncode = \"B\"\n"},
           {"same_pass_for_both_roles", room(quoted, quoted)},
           {"different_salts", room(quoted + ", " + other, "\"SCRAM-SHA-256$\"")},
           {"unknown_key", "max_seat = 3\n[guards]\ndhcp = false\n"},
           {"wrong_types", "listen = 443\nmax_rooms = 1.5\nguards = []\nroom = { code = 1 }\nlimits = 07:32:00\n"},
           {"out_of_range", "max_rooms = -9223372036854775808\nroom_mtu = 9223372036854775807\n"},
           {"date_of_no_calendar", "[[room]]\ncode = \"A\"\nexpires = 0000-02-30\n"},
           {"date_far_away", "[[room]]\ncode = \"A\"\nexpires = 9999-12-31T23:59:59.9-23:59\n"},
           {"control_characters", "\"\\u001b[31m\" = 1\nrooms = \"\\u202e\"\n"},
           {"no_toml", "listen = \"443/udp\nrooms"},
           {"section_without_a_name", "[:4"},
           {"brackets_that_do_not_match", "a = [}"},
           {"letters_in_a_broken_value", "a = [1['b\xd2\x9a]"},
           {"letters_outside_comments", "\xcc\xa0\xce\x93\xcc\x93\xcf\x93"},
           {"deep", "a = [[[[[[[[[[[[[[[[{b.c.d.e.f=[[[{}]]]}]]]]]]]]]]]]]]]]"},
       }) {
    seeds[name] = bytes_of(text);
  }
  return seeds;
}

}  // namespace softlan::fuzz
