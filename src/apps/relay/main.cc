// lanparty-relay: the public server members meet at.
#include <algorithm>
#include <ctime>
#include <iterator>
#include <memory>
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
#include "platform/clock.h"
#include "platform/files.h"
#include "platform/linux/threads.h"
#include "platform/system_random.h"
#include "quic/tls.h"
#include "relay/door.h"
#include "runtime/certificate_files.h"
#include "runtime/founded_rooms.h"
#include "runtime/listen_address.h"
#include "runtime/loop.h"
#include "runtime/relay_crew.h"
#include "runtime/relay_state.h"
#include "runtime/strangers_report.h"
#include "runtime/worker_sockets.h"

namespace {

using namespace softlan;

// Frames held for all members together; beyond it frames are dropped, not memory taken (about 400 MB). A worker holds
// its part, but not less than a busy room needs (50 MB).
constexpr std::size_t kMaxFrames = 256 * 1024;
constexpr std::size_t kMinFramesOfWorker = 32 * 1024;
constexpr char kDefaultName[] = "lanparty-relay.local";

std::int64_t unix_time() { return std::time(nullptr); }

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

Result<std::vector<std::unique_ptr<quic::TlsContext>>> make_tls(const quic::KeyedCertificate& own, std::size_t count) {
  std::vector<std::unique_ptr<quic::TlsContext>> contexts;
  while (contexts.size() < count) {
    auto made = quic::TlsContext::for_relay(own);
    if (!made) return std::unexpected(made.error());
    contexts.push_back(*std::move(made));
  }
  return contexts;
}

std::size_t workers_of(const runtime::RelaySettings& settings) {
  return settings.threads > 0 ? settings.threads : std::min(platform::usable_processors(), runtime::kMaxThreads);
}

std::vector<std::vector<SocketAddress>> places_of(const runtime::RelaySettings& settings) {
  std::vector<std::vector<SocketAddress>> places;
  for (const std::string& text : settings.listen) places.push_back(runtime::parse_listen_address(text));
  return places;
}

void tell_where(const runtime::WorkerSockets& sockets, const apps::CommandLine& line, obs::Log& log) {
  for (const SocketAddress& address : sockets.addresses) {
    log.info("listening", {{"address", to_string(address)}, {"software", line.software()}});
  }
  log.info("rooms are spread over threads", {{"threads", sockets.of_workers.size()}});
  if (!sockets.unsteered.empty()) {
    log.info("threads hand over each other's packets: slower than when the kernel sorts them",
             {{"reason", sockets.unsteered}});
  }
}

int run(const apps::CommandLine& line, const apps::RelayOptions& options, const apps::SightOptions& sight_options) {
  auto settings = options.settings({platform::now(), unix_time()});
  if (!settings) {
    line.give_up(settings.error().message);
    return apps::kExitUsage;
  }
  settings->relay.software = line.software();
  const std::size_t workers = workers_of(*settings);
  auto sockets = runtime::open_worker_sockets(places_of(*settings), workers);
  if (!sockets) return line.give_up(sockets.error().message);
  const auto directory = state_directory(*settings);
  if (!directory) return line.give_up(directory.error().message);
  platform::SystemRandom random;
  const runtime::CertificateFiles files{settings->certificate_file, settings->key_file};
  const auto state = load_state(*directory, settings->server_names, files, random);
  if (!state) return line.give_up(state.error().message);
  auto tls = make_tls(state->certificate, workers);
  if (!tls) {
    const std::string& place = files.certificate.empty() ? *directory : files.certificate;
    return line.give_up(fmt::format("{}: {}", place, tls.error().message));
  }
  if (!options.certificate_out().empty()) {
    const auto written = write_der(options.certificate_out(), state->certificate.certificate_pem);
    if (!written) return line.give_up(written.error().message);
  }

  obs::Log log = line.make_log();
  runtime::Loop loop;
  runtime::FoundedRooms founded(*directory + "/founded-rooms.json", unix_time, log);
  runtime::PostedRooms posted(loop, founded);
  relay::Door door(settings->entry, state->door_secret, random, posted);
  door.list(settings->passes);
  for (relay::FoundedRoom& room : founded.load()) door.remember(std::move(room));
  if (state->new_certificate) log.info("new certificate made", {{"directory", *directory}});
  tell_where(*sockets, line, log);
  apps::warn_when_passless(*settings, log);

  runtime::WorkersConfig config{.relay = settings->relay,
                                .endpoint = {},
                                .max_frames = std::max(kMaxFrames / workers, kMinFramesOfWorker),
                                .priority = settings->priority};
  config.endpoint.reset_key = state->reset_key;
  runtime::RelayCrew crew(config, *std::move(tls), std::move(sockets->of_workers), door, log);

  runtime::CertificateKeeper certificate(
      loop.now(), unix_time(), files, state->certificate,
      [&](const quic::KeyedCertificate& found) { return crew.replace_certificate(found); }, log);
  runtime::StrangersReport strangers(loop.now(), log);
  loop.attach({.next_deadline = [&] { return founded.next_deadline(); },
               .on_deadline = [&](TimePoint now) { founded.on_deadline(now); },
               .flush = {}});
  loop.attach({.next_deadline = [&] { return certificate.next_deadline(); },
               .on_deadline = [&](TimePoint now) { certificate.on_deadline(now, unix_time()); },
               .flush = {}});
  loop.attach({.next_deadline = [&] { return strangers.next_deadline(); },
               .on_deadline = [&](TimePoint now) { strangers.write(now, crew.packets().strangers, crew.not_seated()); },
               .flush = {}});
  const apps::Sight sight(sight_options, line,
                          {.software = line.software(),
                           .ban_file = *directory + "/bans.json",
                           .unix_time = unix_time,
                           .certificate_expires = [&] { return std::optional(certificate.not_after()); }},
                          loop, crew, log);
  apps::Reload reload(options, *settings, door, crew, log);
  loop.on_reload_signal([&](TimePoint now) {
    certificate.reload(unix_time());
    reload.run({now, unix_time()});
  });
  loop.on_stop_signal([&](TimePoint) {
    crew.shut_down();
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
