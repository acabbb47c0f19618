// lanparty-relay: the public server members meet at.
#include <algorithm>
#include <ctime>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/common/command_line.h"
#include "apps/common/status_command.h"
#include "apps/relay/admin_commands.h"
#include "apps/relay/options.h"
#include "apps/relay/reload.h"
#include "apps/relay/sight.h"
#include "apps/relay/subcommands.h"
#include "base/frame_pool.h"
#include "platform/linux/clock.h"
#include "platform/linux/files.h"
#include "platform/linux/system_random.h"
#include "quic/endpoint_config.h"
#include "relay/relay.h"
#include "runtime/certificate_files.h"
#include "runtime/founded_rooms.h"
#include "runtime/listen_address.h"
#include "runtime/loop.h"
#include "runtime/relay_server.h"
#include "runtime/relay_state.h"

namespace {

using namespace softlan;

// Frames held for all members together; beyond it frames are dropped, not memory taken (about 400 MB).
constexpr std::size_t kMaxFrames = 256 * 1024;
constexpr char kDefaultName[] = "lanparty-relay.local";

std::int64_t unix_time() { return std::time(nullptr); }

// Of an address that stands for several, those that there are.
Result<void> open_sockets(const std::vector<SocketAddress>& addresses, std::vector<platform::UdpSocket>& sockets) {
  bool opened = false;
  Error last;
  for (const SocketAddress& address : addresses) {
    if (auto socket = platform::UdpSocket::bind(address)) {
      sockets.push_back(std::move(*socket));
      opened = true;
    } else {
      last = socket.error();
    }
  }
  if (!opened) return std::unexpected(last);
  return {};
}

Result<std::vector<platform::UdpSocket>> open_sockets(const std::vector<std::string>& listen) {
  std::vector<platform::UdpSocket> sockets;
  for (const std::string& text : listen) {
    if (auto opened = open_sockets(runtime::parse_listen_address(text), sockets); !opened)
      return std::unexpected(opened.error());
  }
  return sockets;
}

Result<std::string> state_directory(const runtime::RelaySettings& settings) {
  if (!settings.state_directory.empty()) return settings.state_directory;
  auto directory = platform::default_state_directory("relay");
  if (!directory) return fail("{}; give one with --state-dir", directory.error().message);
  return directory;
}

Result<runtime::RelayState> load_state(const std::string& directory, const std::vector<std::string>& server_names,
                                       const runtime::CertificateFiles& files, Random& random) {
  if (!files.certificate.empty()) {
    auto given = files.read();
    if (!given) return std::unexpected(given.error());
    return runtime::load_or_create_relay_state(directory, {}, unix_time(), random, std::move(*given));
  }
  std::vector<std::string> names{kDefaultName};
  std::ranges::remove_copy(server_names, std::back_inserter(names), kDefaultName);
  return runtime::load_or_create_relay_state(directory, names, unix_time(), random);
}

Result<void> write_der(const std::string& path, const std::string& certificate_pem) {
  const auto der = quic::certificate_to_der(certificate_pem);
  if (!der) return std::unexpected(der.error());
  return platform::write_public_file(path, {reinterpret_cast<const char*>(der->data()), der->size()});
}

int run(const apps::CommandLine& line, const apps::RelayOptions& options, const apps::SightOptions& sight_options) {
  auto settings = options.settings({platform::now(), unix_time()});
  if (!settings) {
    line.give_up(settings.error().message);
    return apps::kExitUsage;
  }
  settings->relay.software = line.software();
  auto sockets = open_sockets(settings->listen);
  if (!sockets) return line.give_up(sockets.error().message);
  const auto directory = state_directory(*settings);
  if (!directory) return line.give_up(directory.error().message);
  platform::SystemRandom random;
  const runtime::CertificateFiles files{settings->certificate_file, settings->key_file};
  const auto state = load_state(*directory, settings->server_names, files, random);
  if (!state) return line.give_up(state.error().message);
  const auto tls = quic::TlsContext::for_relay(state->certificate);
  if (!tls) {
    const std::string& place = files.certificate.empty() ? *directory : files.certificate;
    return line.give_up(fmt::format("{}: {}", place, tls.error().message));
  }
  if (!options.certificate_out().empty()) {
    const auto written = write_der(options.certificate_out(), state->certificate.certificate_pem);
    if (!written) return line.give_up(written.error().message);
  }

  obs::Log log = line.make_log();
  runtime::FoundedRooms founded(*directory + "/founded-rooms.json", unix_time, log);
  relay::Door door(settings->entry, state->door_secret, random, founded);
  door.list(settings->passes);
  for (relay::FoundedRoom& room : founded.load()) door.remember(std::move(room));
  relay::Relay relay(settings->relay, door, log);

  if (state->new_certificate) log.info("new certificate made", {{"directory", *directory}});
  for (const platform::UdpSocket& socket : *sockets) {
    log.info("listening", {{"address", to_string(socket.local())}, {"software", line.software()}});
  }
  apps::warn_when_passless(*settings, log);

  quic::EndpointConfig endpoint;
  endpoint.reset_key = state->reset_key;
  FramePool pool(kMaxFrames);
  runtime::Loop loop;
  runtime::RelayServer server(loop, relay, **tls, endpoint, pool, random, log, std::move(*sockets));
  loop.attach({.next_deadline = [&] { return founded.next_deadline(); },
               .on_deadline = [&](TimePoint now) { founded.on_deadline(now); },
               .flush = {}});
  runtime::CertificateKeeper certificate(loop.now(), unix_time(), files, state->certificate, **tls, log);
  loop.attach({.next_deadline = [&] { return certificate.next_deadline(); },
               .on_deadline = [&](TimePoint now) { certificate.on_deadline(now, unix_time()); },
               .flush = {}});
  const apps::Sight sight(sight_options, line,
                          {.software = line.software(),
                           .ban_file = *directory + "/bans.json",
                           .unix_time = unix_time,
                           .strangers = [&] { return server.strangers(); },
                           .certificate_expires = [&] { return std::optional(certificate.not_after()); }},
                          loop, relay, log);
  apps::Reload reload(options, *settings, door, relay, log);
  loop.on_reload_signal([&](TimePoint now) {
    certificate.reload(unix_time());
    reload.run({now, unix_time()});
  });
  loop.on_stop_signal([&](TimePoint) {
    relay.shut_down();
    loop.after(std::chrono::milliseconds(400), [&] { loop.stop(); });
  });
  loop.run();
  founded.write();
  log.info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  apps::CommandLine line("lanparty-relay",
                         "The relay of softlan: members of a room meet here and share one LAN over the internet.",
                         "Example, on a rented Linux machine:\n"
                         "  lanparty-relay --listen 443/udp --dev-cert-der-out relay-cert.der\n"
                         "Give relay-cert.der to the party's gateway and to every player.\n"
                         "With a file instead of flags (relay.toml.example has every key):\n"
                         "  lanparty-relay check-config relay.toml && lanparty-relay --config relay.toml\n");
  apps::RelayOptions options;
  apps::CheckConfig check_config;
  apps::NewPass new_pass;
  apps::SightOptions sight;
  apps::StatusCommand status(apps::StatusCommand::About::many_rooms);
  apps::AdminCommands admin;
  options.add_to(line);
  sight.add_to(line);
  check_config.add_to(line);
  new_pass.add_to(line);
  status.add_to(line);
  admin.add_to(line);
  line.options().require_subcommand(0, 1);
  if (const auto exit_code = line.parse(argc, argv)) return *exit_code;
  if (const auto exit_code = check_config.run(line)) return *exit_code;
  if (const auto exit_code = new_pass.run(line)) return *exit_code;
  if (const auto exit_code = status.run(line)) return *exit_code;
  if (const auto exit_code = admin.run(line)) return *exit_code;
  return run(line, options, sight);
}
