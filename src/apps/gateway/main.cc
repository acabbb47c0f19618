// lanparty-gateway: the party's LAN as one member of a room.
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "apps/common/member_program.h"
#include "apps/common/member_sight.h"
#include "apps/common/sight_options.h"
#include "apps/common/status_command.h"
#include "apps/common/status_socket.h"
#include "apps/gateway/doctor.h"
#include "auth/party_pass.h"
#include "base/frame_pool.h"
#include "ctrl/validate.h"
#include "gateway/bridge.h"
#include "platform/linux/packet_socket.h"
#include "platform/system_random.h"
#include "runtime/founding_passes.h"
#include "runtime/lan_pump.h"
#include "runtime/loop.h"

namespace {

using namespace softlan;

// Frames held at once; beyond it frames are dropped, not memory taken (about 50 MB).
constexpr std::size_t kMaxFrames = 32 * 1024;

struct Options {
  apps::MemberOptions member;
  apps::StatusSocket status_socket;
  apps::SightOptions sight;
  std::string interface;
  double cam_refresh_seconds = 5;
  gateway::BridgeConfig bridge;
  bool new_pass = false;

  void add_to(apps::CommandLine& line) {
    member.add_to(line);
    status_socket.add_to(line);
    sight.add_to(line);
    CLI::App& options = line.options();
    options.add_option("--interface", interface, "The wired network card on the party's LAN; nothing on it is changed")
        ->required()
        ->type_name("IF");
    options
        .add_option("--cam-refresh", cam_refresh_seconds,
                    "Seconds between the small frames that keep silent members known to the switches (default: 5)")
        ->check(CLI::Range(0.0, 3600.0).description(""))
        ->type_name("SECONDS");
    options.add_flag(
        "--new-pass", new_pass,
        "Give the room this gateway founded new passes, so that the links given out so far no longer count");
    options.add_flag_callback(
        "--no-storm-control", [this] { bridge.storm_control = false; },
        "Let every broadcast of the LAN go up to the room, however many there are");
    options.add_flag("--frame-log", bridge.log_frames, "Log every frame: for looking into a problem");
  }
};

// The passes of the room this gateway founds or has founded.
class FoundedRoom {
 public:
  FoundedRoom(const apps::MemberOptions& member, std::string path, Random& random)
      : member_(member), path_(std::move(path)), random_(random) {}

  [[nodiscard]] Result<void> load() { return take(runtime::load_founding_passes(path_, member_.relay, room())); }
  [[nodiscard]] Result<void> make() {
    return take(runtime::make_founding_passes(path_, member_.relay, room(), random_));
  }
  [[nodiscard]] const runtime::FoundingPasses& passes() const { return passes_; }

  // Once, when the room is open: what the players need.
  void show_link(runtime::Voice& voice, const link::Fingerprint& relay) {
    if (passes_.empty() || std::exchange(shown_, true)) return;
    auth::PartyPass party{.relay = *parse_host_port(member_.relay), .room = room(), .pin = {}, .pass = passes_.client};
    if (member_.trusts_one_relay()) party.pin = relay.bytes;
    voice.show_once(fmt::format("Players join with this link; whoever has it can come in:\n  {}\n", to_string(party)));
  }

 private:
  [[nodiscard]] std::string room() const { return ctrl::canonical_room(member_.room); }
  Result<void> take(Result<runtime::FoundingPasses> passes) {
    if (!passes) return std::unexpected(passes.error());
    passes_ = *std::move(passes);
    return {};
  }

  const apps::MemberOptions& member_;
  std::string path_;
  Random& random_;
  runtime::FoundingPasses passes_;
  bool shown_ = false;
};

int run(const apps::CommandLine& line, Options& options) {
  if (const auto settled = options.member.settle(); !settled) return line.refuse(settled.error().message);
  options.bridge.cam_refresh =
      std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.cam_refresh_seconds));
  platform::SystemRandom random;
  const auto identity = options.member.load_identity("gateway", random);
  if (!identity) return line.give_up(identity.error().message);
  auto tls = options.member.make_tls(*identity);
  if (!tls) return line.give_up(tls.error().message);
  const auto passes_path = options.member.beside_identity("gateway", "lanparty-gateway-rooms.json");
  if (!passes_path) return line.give_up(passes_path.error().message);
  const auto offload_file = options.member.beside_identity("gateway", "lanparty-gateway-offloads.json");
  if (!offload_file) return line.give_up(offload_file.error().message);
  FoundedRoom room(options.member, *passes_path, random);
  const bool founds = options.member.pass.empty();
  if (founds) {
    if (const auto had = options.new_pass ? room.make() : room.load(); !had) return line.give_up(had.error().message);
  }
  session::Config session = options.member.session_config(line, ctrl::Role::gateway, identity->mac);
  if (!room.passes().empty()) {
    session.pass = room.passes().gateway;
    session.found = room.passes().found;
  }
  auto socket = platform::PacketSocket::open(options.interface);
  if (!socket) return line.give_up(socket.error().message);
  if (const auto ready = apps::preflight(options.interface); !ready) return line.give_up(ready.error().message);

  options.bridge.mac = identity->mac;
  random.fill(options.bridge.beacon_key);

  const auto voice = options.sight.make_voice(line);
  if (!voice) return line.give_up(voice.error().message);
  obs::Log& log = (*voice)->log();
  FramePool pool(kMaxFrames);
  runtime::Loop loop;
  if (options.member.goes_first) loop.go_first();
  runtime::LanPump lan(loop, std::move(*socket), *offload_file, pool, log);
  gateway::Bridge bridge(options.bridge, pool, lan, log);
  apps::MemberProgram program(line, loop, pool, random, **voice, std::move(*tls), options.member.dialer_config(),
                              std::move(session), bridge);
  bridge.attach(program.session());
  if (founds && room.passes().empty()) {
    program.on_pass_needed([&]() -> std::optional<apps::MemberProgram::Credentials> {
      if (const auto made = room.make(); !made) {
        line.give_up(made.error().message);
        return std::nullopt;
      }
      return apps::MemberProgram::Credentials{room.passes().gateway, room.passes().found};
    });
  }
  program.on_seated([&] {
    if (const link::Fingerprint* relay = program.session().relay_identity()) room.show_link(**voice, *relay);
  });
  lan.start(bridge);
  loop.attach({.next_deadline = [&] { return bridge.next_deadline(); },
               .on_deadline = [&](TimePoint now) { bridge.on_deadline(now); },
               .flush = {}});
  const apps::MemberSight sight(launch_of(line, options.member), loop, **voice, program.session());
  const auto answers = options.status_socket.open(line, loop, log, sight.answering());
  return program.run();
}

}  // namespace

int main(int argc, char** argv) {
  apps::CommandLine line(
      "lanparty-gateway",
      "The gateway of softlan: puts the party's wired LAN into a room, so that remote players are on it.",
      "Example, on a Linux machine with a cable to the party's switch:\n"
      "  sudo lanparty-gateway --relay relay.example.org:443 --relay-pin PIN --room ROOM1 --interface eth0\n"
      "PIN is what the relay prints at start; leave it out when the relay has a public certificate. The gateway "
      "founds\n"
      "the room and prints the link for the players.\n");
  Options options;
  apps::StatusCommand status(apps::StatusCommand::About::one_room);
  options.add_to(line);
  status.add_to(line);
  apps::DoctorCommand doctor;
  doctor.add_to(line);
  if (const auto exit_code = line.parse(argc, argv)) return *exit_code;
  if (const auto exit_code = status.run(line)) return *exit_code;
  if (const auto exit_code = doctor.run(line, options.member, options.interface)) return *exit_code;
  return run(line, options);
}
