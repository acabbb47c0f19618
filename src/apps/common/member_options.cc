#include "apps/common/member_options.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>

#include "apps/common/secret_file.h"
#include "auth/party_pass.h"
#include "auth/pass.h"
#include "base/base64.h"
#include "base/rate.h"
#include "base/text.h"
#include "ctrl/validate.h"
#include "platform/files.h"

namespace softlan::apps {

namespace {

constexpr std::size_t kMaxCertificateFile = 1024 * 1024;

}  // namespace

void MemberOptions::add_to(CommandLine& line) {
  CLI::App& options = line.options();
  options
      .add_option("--join", join,
                  "The party's link, lanparty://...: relay, room and pass in one; '-' reads it from standard input")
      ->type_name("LINK");
  options.add_option("--join-file", join_file, "Read the party's link from this file")->type_name("FILE");
  options.add_option("--relay", relay, "The relay to join through, a name or an address with its port")
      ->type_name("HOST:PORT");
  options.add_option("--room", room, "The room to join; everybody at the party uses the same one")->type_name("ROOM");
  options.add_option("--pass-file", pass_file, "Read the room's pass from this file; '-' reads it from standard input")
      ->type_name("FILE");
  options
      .add_option("--relay-ca-cert", ca_file,
                  "Trust the relay whose certificate (DER or PEM), or whose issuer's, is in this file; "
                  "without it the system's trusted issuers decide")
      ->type_name("FILE");
  options
      .add_option("--relay-pin", relay_pin,
                  "Trust the relay with this key, whatever its certificate says; the relay prints its pin at start")
      ->type_name("PIN");
  options
      .add_option("--server-name", server_name, "The name in the relay's certificate (default: the host of --relay)")
      ->type_name("NAME");
  options.add_option("--name", name, "The name the others see, 32 characters at most")->type_name("NAME");
  options
      .add_option("--identity", identity_file,
                  "Who you are to the relay: key and MAC, made on first use and kept (default: in the state directory)")
      ->type_name("FILE");
  options
      .add_option("--join-timeout", join_timeout_seconds,
                  "Give up when not in the room after this many seconds; 0: keep trying (default: 10). "
                  "Once in, it always comes back by itself")
      ->check(CLI::Range(0.0, 86400.0).description(""))
      ->type_name("SECONDS");
  options
      .add_option("--uplink-limit", uplink_limit,
                  "Send no more than this, like 20mbit or 2500kbit: a little less than your line's upload keeps games "
                  "smooth while something large is sent (default: no limit)")
      ->type_name("RATE");
  options.add_flag_callback(
      "--no-priority", [this] { goes_first = false; },
      "Take turns with the machine's other programs; without this, frames go before them where the system allows it");
}

Result<void> MemberOptions::settle() {
  for (const auto& step : {&MemberOptions::read_link, &MemberOptions::read_pass, &MemberOptions::read_pin,
                           &MemberOptions::read_uplink_limit}) {
    if (auto done = (this->*step)(); !done) return done;
  }
  if (relay.empty() || room.empty()) {
    return fail("give the party's link with --join, or a relay with --relay and a room with --room");
  }
  if (!parse_host_port(relay)) {
    return fail("--relay: '{}' is not a host and a port; write it like relay.example.org:443 or [2001:db8::1]:443",
                printable(relay));
  }
  if (!ctrl::is_room_code(room)) {
    return fail("--room: '{}' is not a room code; it takes {}", printable(room), ctrl::kRoomCodeRule);
  }
  if (!is_utf8(name) || ctrl::clean_name(name) != name) {
    return fail("--name: '{}' cannot be shown; use at most {} characters without control characters", printable(name),
                ctrl::kMaxNameCharacters);
  }
  return {};
}

bool MemberOptions::names_a_relay() const {
  return !relay.empty() || !room.empty() || !join.empty() || !join_file.empty();
}

std::vector<std::string> MemberOptions::secrets() const {
  std::vector<std::string> secrets{join, pass, relay_pin};
  secrets.push_back(join.substr(std::min(join.find('#'), join.size())));
  if (pin) secrets.push_back(to_base64url(*pin));
  return secrets;
}

Result<void> MemberOptions::read_link() {
  if (join.empty() && join_file.empty()) return {};
  if (!join.empty() && !join_file.empty()) return fail("give the party's link once: with --join or with --join-file");
  if (!relay.empty() || !room.empty() || !relay_pin.empty() || !pass_file.empty()) {
    return fail("the party's link names the relay, the room, the pin and the pass: leave their own flags out");
  }
  auto text =
      !join_file.empty() || join == "-" ? read_secret(join_file.empty() ? "-" : join_file) : Result<std::string>(join);
  if (!text) return fail("--join-file: {}", text.error().message);
  const auto party = auth::parse_party_pass(*text);
  if (!party) return fail("the party's link: {}", party.error().message);
  const bool literal = party->relay.host.find(':') != std::string::npos;
  relay = fmt::format("{}{}{}:{}", literal ? "[" : "", party->relay.host, literal ? "]" : "", party->relay.port);
  room = party->room;
  pass = party->pass;
  pin = party->pin;
  return {};
}

Result<void> MemberOptions::read_pass() {
  if (pass_file.empty()) return {};
  const auto text = read_secret(pass_file);
  if (!text) return fail("--pass-file: {}", text.error().message);
  auto checked = auth::check_pass(*text);
  if (!checked) return fail("--pass-file: {}", checked.error().message);
  pass = *std::move(checked);
  return {};
}

Result<void> MemberOptions::read_pin() {
  if (relay_pin.empty()) return {};
  if (!ca_file.empty()) return fail("--relay-pin and --relay-ca-cert: one of them is enough");
  const auto bytes = parse_base64url(relay_pin);
  if (!bytes || bytes->size() != 32) {
    return fail("--relay-pin: that is not a pin; it has 43 letters, digits, '-' or '_', as the relay prints it");
  }
  pin.emplace();
  std::ranges::copy(*bytes, pin->begin());
  return {};
}

Result<void> MemberOptions::read_uplink_limit() {
  constexpr std::uint64_t kLeast = 100'000;
  if (uplink_limit.empty()) return {};
  const auto rate = parse_rate(uplink_limit);
  if (!rate) {
    return fail("--uplink-limit: '{}' is not a rate; write it in bits a second, like 20mbit or 2500kbit",
                printable(uplink_limit));
  }
  if (*rate < kLeast) return fail("--uplink-limit: {} is too little to play with; give 100kbit or more", uplink_limit);
  uplink_bits_per_second_ = *rate;
  return {};
}

runtime::DialerConfig MemberOptions::dialer_config() const {
  runtime::DialerConfig config;
  config.relay = *parse_host_port(relay);
  config.server_name = server_name.empty() ? config.relay.host : server_name;
  config.room = ctrl::canonical_room(room);
  config.endpoint.uplink_limit = uplink_bits_per_second_;
  return config;
}

session::Config MemberOptions::session_config(const CommandLine& line, ctrl::Role role, const proto::Mac& mac) const {
  session::Config config;
  config.role = role;
  config.room = ctrl::canonical_room(room);
  config.mac = mac;
  config.name = name;
  config.pass = pass;
  config.software = line.software();
  config.relay = relay;
  config.server_name = dialer_config().server_name;
  config.join_timeout = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(join_timeout_seconds));
  return config;
}

Result<std::string> MemberOptions::identity_path(const std::string& role) const {
  if (!identity_file.empty()) return identity_file;
  const auto directory = platform::default_state_directory(role);
  if (!directory) return std::unexpected(directory.error());
  return *directory + "/lanparty-" + role + "-identity.json";
}

Result<runtime::Identity> MemberOptions::load_identity(const std::string& role, Random& random) const {
  const auto path = identity_path(role);
  if (!path) return std::unexpected(path.error());
  return runtime::load_or_create_identity(*path, random);
}

Result<std::string> MemberOptions::beside_identity(const std::string& role, const std::string& file) const {
  const auto path = identity_path(role);
  if (!path) return std::unexpected(path.error());
  return std::filesystem::path(*path).replace_filename(file).string();
}

Result<std::unique_ptr<quic::TlsContext>> MemberOptions::make_tls(const runtime::Identity& identity) const {
  quic::Trust trust{.ca = {}, .pin = pin};
  if (!ca_file.empty()) {
    auto content = platform::read_file(ca_file, kMaxCertificateFile);
    if (!content) return fail("--relay-ca-cert: {}", content.error().message);
    if (content->empty()) return fail("--relay-ca-cert: {} is empty", ca_file);
    trust.ca.assign(content->begin(), content->end());
  }
  auto tls = quic::TlsContext::for_member(identity.certificate, std::move(trust));
  if (!tls && !ca_file.empty()) return fail("--relay-ca-cert: {}: {}", ca_file, tls.error().message);
  return tls;
}

}  // namespace softlan::apps
