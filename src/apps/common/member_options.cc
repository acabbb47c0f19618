#include "apps/common/member_options.h"

#include <utility>

#include "base/text.h"
#include "ctrl/validate.h"
#include "platform/linux/files.h"

namespace softlan::apps {

namespace {
constexpr std::size_t kMaxCertificateFile = 1024 * 1024;
}

void MemberOptions::add_to(CommandLine& line) {
  CLI::App& options = line.options();
  options.add_option("--relay", relay, "The relay to join through, a name or an address with its port")
      ->required()
      ->type_name("HOST:PORT");
  options.add_option("--room", room, "The room to join; everybody at the party uses the same one")
      ->required()
      ->type_name("ROOM");
  options
      .add_option("--relay-ca-cert", ca_file,
                  "Trust the relay whose certificate (DER or PEM), or whose issuer's, is in this file; "
                  "without it the system's trusted issuers decide")
      ->type_name("FILE");
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
}

std::string MemberOptions::problem() const {
  if (!parse_host_port(relay)) {
    return fmt::format(
        "--relay: '{}' is not a host and a port; write it like relay.example.org:443 or [2001:db8::1]:443",
        printable(relay));
  }
  if (!ctrl::is_room_code(room)) {
    return fmt::format("--room: '{}' is not a room code; it takes {}", printable(room), ctrl::kRoomCodeRule);
  }
  if (!is_utf8(name) || ctrl::clean_name(name) != name) {
    return fmt::format("--name: '{}' cannot be shown; use at most {} characters without control characters",
                       printable(name), ctrl::kMaxNameCharacters);
  }
  return {};
}

runtime::DialerConfig MemberOptions::dialer_config() const {
  runtime::DialerConfig config;
  config.relay = *parse_host_port(relay);
  config.server_name = server_name.empty() ? config.relay.host : server_name;
  config.room = ctrl::canonical_room(room);
  return config;
}

session::Config MemberOptions::session_config(const CommandLine& line, ctrl::Role role, const proto::Mac& mac) const {
  session::Config config;
  config.role = role;
  config.room = ctrl::canonical_room(room);
  config.mac = mac;
  config.name = name;
  config.software = line.software();
  config.relay = relay;
  config.server_name = dialer_config().server_name;
  config.join_timeout = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(join_timeout_seconds));
  return config;
}

Result<runtime::Identity> MemberOptions::load_identity(const std::string& role, Random& random) const {
  if (!identity_file.empty()) return runtime::load_or_create_identity(identity_file, random);
  const auto directory = platform::default_state_directory(role);
  if (!directory) return std::unexpected(directory.error());
  return runtime::load_or_create_identity(*directory + "/lanparty-" + role + "-identity.json", random);
}

Result<std::unique_ptr<quic::TlsContext>> MemberOptions::make_tls(const runtime::Identity& identity) const {
  std::string trusted;
  if (!ca_file.empty()) {
    auto content = platform::read_file(ca_file, kMaxCertificateFile);
    if (!content) return fail("--relay-ca-cert: {}", content.error().message);
    if (content->empty()) return fail("--relay-ca-cert: {} is empty", ca_file);
    trusted = std::move(*content);
  }
  auto tls = quic::TlsContext::for_member(identity.certificate,
                                          {reinterpret_cast<const std::uint8_t*>(trusted.data()), trusted.size()});
  if (!tls && !ca_file.empty()) return fail("--relay-ca-cert: {}: {}", ca_file, tls.error().message);
  return tls;
}

}  // namespace softlan::apps
