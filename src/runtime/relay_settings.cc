#include "runtime/relay_settings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "ctrl/validate.h"
#include "platform/files.h"
#include "runtime/listen_address.h"
#include "runtime/toml_section.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMaxFileSize = 1024 * 1024;
constexpr std::int64_t kMostFrames = 1'000'000;                // a second
constexpr std::int64_t kMostBytes = 1'000'000'000'000;         // a second
constexpr std::int64_t kForever = 100LL * 365 * 24 * 60 * 60;  // seconds

std::string path_problem(const std::string& text) {
  return text.empty() || printable(text, text.size()) != text ? "that is not the name of a file or folder" : "";
}

std::string room_code_problem(const std::string& text) {
  if (ctrl::is_room_code(text)) return {};
  return fmt::format("'{}' is not a room code; it takes {}", text, ctrl::kRoomCodeRule);
}

// Does not repeat it: somebody may have put a pass in its place.
std::string verifier_problem(const std::string& text) {
  const auto verifier = auth::parse_verifier(text);
  return verifier ? "" : verifier.error().message + " `lanparty-relay new-pass` makes one.";
}

// So that one challenge fits both.
bool share_salt(const auth::Verifier& a, const auth::Verifier& b) {
  return a.salt == b.salt && a.iterations == b.iterations;
}

class Reader {
 public:
  Reader(const Moment& moment, TomlMistakes& mistakes) : moment_(moment), mistakes_(mistakes) {}

  RelaySettings read(TomlSection file);

 private:
  static void read_guards(TomlSection section, relay::GuardConfig& guards);
  static void read_limits(TomlSection section, relay::LimitsConfig& limits);
  static void read_member_limits(TomlSection& section, ctrl::Limits& limits);
  static void read_rules(TomlSection& section, relay::RoomRules& rules);
  void read_room(TomlSection section, RelaySettings& settings);
  static void check_passes(TomlSection& room, const std::string& code, const relay::RoomPasses& passes,
                           relay::Entry entry);
  [[nodiscard]] std::vector<relay::RoomPass> read_passes(TomlSection& room, std::string_view key);
  [[nodiscard]] std::optional<relay::RoomPass> read_pass(TomlSection& room, std::string_view key,
                                                         const toml::node& node);
  [[nodiscard]] TimePoint read_expiry(TomlSection& section);

  const Moment& moment_;
  TomlMistakes& mistakes_;
};

RelaySettings Reader::read(TomlSection file) {
  RelaySettings settings;
  std::string entry;
  file.read("listen", settings.listen, listen_problem);
  if (settings.listen.empty() && !mistakes_.first())
    file.complain("listen", "listen is empty; without the key it is \"443/udp\"");
  file.read("server_names", settings.server_names, server_name_problem);
  file.read("cert", settings.certificate_file, path_problem);
  file.read("key", settings.key_file, path_problem);
  if (file.has("cert") != file.has("key")) {
    file.complain(file.has("cert") ? "cert" : "key",
                  "cert and key go together: the chain in one file, the key in the other");
  }
  file.read("state_dir", settings.state_directory, path_problem);
  file.read("threads", settings.threads, 1, kMaxThreads);
  file.read("priority", settings.priority);
  file.read("rooms", entry, entry_problem);
  settings.entry = parse_entry(entry).value_or(settings.entry);
  file.read("room_mtu", settings.relay.room_mtu, proto::kMinRoomMtu, proto::kMaxRoomMtu);
  file.read("max_rooms", settings.relay.max_rooms, 1, 65535);
  read_rules(file, settings.relay.rules);
  for (TomlSection& room : file.sections("room")) read_room(std::move(room), settings);
  file.finish();
  return settings;
}

void Reader::read_rules(TomlSection& section, relay::RoomRules& rules) {
  section.read("max_seats", rules.max_seats, 2, relay::kMaxSeats);
  if (auto guards = section.section("guards")) read_guards(*std::move(guards), rules.guards);
  if (auto limits = section.section("limits")) read_limits(*std::move(limits), rules.limits);
}

void Reader::read_guards(TomlSection section, relay::GuardConfig& guards) {
  using Guards = relay::GuardConfig;
  constexpr std::array<std::pair<std::string_view, bool Guards::*>, 10> kSwitches = {{
      {"switch_control", &Guards::switch_control},
      {"eapol", &Guards::eapol},
      {"pause", &Guards::pause},
      {"hidden_header", &Guards::hidden_header},
      {"dhcp_server", &Guards::dhcp_server},
      {"router_advertisement", &Guards::router_advertisement},
      {"vlan", &Guards::vlan},
      {"address_claims", &Guards::address_claims},
      {"duplicate_mac", &Guards::duplicate_mac},
      {"home_shield", &Guards::home_shield},
  }};
  for (const auto& [key, guard] : kSwitches) section.read(key, guards.*guard);
  section.read("allowed_vlans", guards.allowed_vlans, 1, 4094);
  section.read("opened_ports", guards.opened_ports, 1, 65535);
  for (const std::uint16_t port : guards.opened_ports) {
    if (relay::is_shielded_port(port)) continue;
    section.complain("opened_ports", fmt::format("opened_ports has {}, which the home shield never closes", port));
  }
  section.finish();
}

void Reader::read_limits(TomlSection section, relay::LimitsConfig& limits) {
  section.read("mss_clamp", limits.mss_clamp);
  section.read("room_bytes_per_second", limits.room_bytes_per_second, 0, kMostBytes);
  if (auto client = section.section("client")) {
    client->read("broadcast_kind_per_second", limits.broadcast_kind_per_second, 0, kMostFrames);
    read_member_limits(*client, limits.client);
  }
  if (auto gateway = section.section("gateway")) read_member_limits(*gateway, limits.gateway);
  section.finish();
}

void Reader::read_member_limits(TomlSection& section, ctrl::Limits& limits) {
  section.read("broadcast_per_second", limits.broadcast_per_second, 0, kMostFrames);
  section.read("unknown_unicast_per_second", limits.unknown_unicast_per_second, 0, kMostFrames);
  section.read("bytes_per_second", limits.bytes_per_second, 0, kMostBytes);
  section.finish();
}

void Reader::read_room(TomlSection section, RelaySettings& settings) {
  std::string code;
  section.read("code", code, room_code_problem);
  if (!section.has("code")) section.complain("code", "this [[room]] has no code");
  code = ctrl::canonical_room(code);
  relay::RoomRules rules = settings.relay.rules;
  rules.expires = read_expiry(section);
  read_rules(section, rules);
  relay::RoomPasses passes{read_passes(section, "client_passes"), read_passes(section, "gateway_passes")};
  section.finish();
  check_passes(section, code, passes, settings.entry);
  if (!settings.relay.own_rules.emplace(code, std::move(rules)).second)
    section.complain("code", fmt::format("room {} is in this file twice (letters count without case)", code));
  if (!passes.clients.empty()) settings.passes.emplace(code, std::move(passes));
}

void Reader::check_passes(TomlSection& room, const std::string& code, const relay::RoomPasses& passes,
                          relay::Entry entry) {
  const bool clients = room.has("client_passes");
  if (clients != room.has("gateway_passes")) {
    const auto [there, missing] =
        clients ? std::pair("client_passes", "gateway_passes") : std::pair("gateway_passes", "client_passes");
    room.complain(there, fmt::format("room {} has {} but no {}; give it both, or neither and its gateway founds it",
                                     code, there, missing));
  } else if (!clients && entry == relay::Entry::listed) {
    room.complain("code", fmt::format("room {} has no passes, so nobody could enter it; give it client_passes and "
                                      "gateway_passes",
                                      code));
  }
  for (const relay::RoomPass& pass : passes.gateways) {
    if (std::ranges::find(passes.clients, pass.verifier, &relay::RoomPass::verifier) == passes.clients.end()) continue;
    room.complain("gateway_passes", fmt::format("a player of room {} could take its gateway's seat: client_passes and "
                                                "gateway_passes have the same one",
                                                code));
  }
}

std::vector<relay::RoomPass> Reader::read_passes(TomlSection& room, std::string_view key) {
  const auto elements = room.elements(key);
  if (elements.empty() && room.has(key)) room.complain(key, fmt::format("{} has nothing in it", key));
  std::vector<relay::RoomPass> passes;
  for (const toml::node* element : elements) {
    const auto pass = read_pass(room, key, *element);
    if (!pass) continue;
    if (!passes.empty() && !share_salt(pass->verifier, passes.front().verifier)) {
      mistakes_.add(element->source().begin,
                    fmt::format("this pass and the first of {} have different salts, so one of them "
                                "would not be accepted; `lanparty-relay new-pass --salt-of VERIFIER` "
                                "makes one that goes with the first",
                                key));
    }
    passes.push_back(*pass);
  }
  return passes;
}

std::optional<relay::RoomPass> Reader::read_pass(TomlSection& room, std::string_view key, const toml::node& node) {
  std::string text;
  relay::RoomPass pass;
  if (const auto* table = node.as_table()) {
    TomlSection section(*table, fmt::format("a pass of {}", key), mistakes_);
    section.read("verifier", text, verifier_problem);
    if (!section.has("verifier")) section.complain("verifier", "this pass has no verifier");
    pass.expires = read_expiry(section);
    section.finish();
  } else {
    text = room.text_in(node, key, verifier_problem).value_or("");
  }
  const auto verifier = auth::parse_verifier(text);
  if (!verifier) return std::nullopt;
  pass.verifier = *verifier;
  return pass;
}

TimePoint Reader::read_expiry(TomlSection& section) {
  const auto unix_time = section.read_unix_time("expires");
  if (!unix_time) return kNever;
  const std::int64_t left = *unix_time - moment_.unix_time;
  if (left >= kForever) return kNever;
  return moment_.now + std::chrono::seconds(std::max<std::int64_t>(left, 0));
}

}  // namespace

Result<RelaySettings> parse_relay_settings(std::string_view text, const std::string& path, const Moment& moment) {
  TomlMistakes mistakes(path);
  const auto file = parse_toml(text, mistakes);
  if (!file) return std::unexpected(*mistakes.first());
  RelaySettings settings = Reader(moment, mistakes).read(TomlSection(*file, "", mistakes));
  if (mistakes.first()) return std::unexpected(*mistakes.first());
  return settings;
}

Result<RelaySettings> load_relay_settings(const std::string& path, const Moment& moment) {
  const auto text = platform::read_file(path, kMaxFileSize);
  if (!text) return std::unexpected(text.error());
  return parse_relay_settings(*text, path, moment);
}

std::string listen_problem(const std::string& text) {
  if (!parse_listen_address(text).empty()) return {};
  return fmt::format("'{}' is not an address to listen on; write it like 443/udp, 192.0.2.1:443 or [::]:443", text);
}

std::string server_name_problem(const std::string& text) {
  return text.empty() || printable(text) != text ? "that is not a DNS name" : "";
}

std::string entry_problem(const std::string& text) {
  if (parse_entry(text)) return {};
  return fmt::format("'{}' is none of open, listed and passless", text);
}

std::optional<relay::Entry> parse_entry(std::string_view text) {
  if (text == "open") return relay::Entry::open;
  if (text == "listed") return relay::Entry::listed;
  if (text == "passless") return relay::Entry::passless;
  return std::nullopt;
}

}  // namespace softlan::runtime
