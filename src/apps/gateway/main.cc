// lanparty-gateway: the party's LAN as one member of a room.
#include <string>
#include <utility>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "apps/common/member_program.h"
#include "base/frame_pool.h"
#include "gateway/bridge.h"
#include "platform/linux/packet_socket.h"
#include "platform/linux/system_random.h"
#include "runtime/lan_pump.h"
#include "runtime/loop.h"

namespace {

using namespace softlan;

// Frames held at once; beyond it frames are dropped, not memory taken (about 50 MB).
constexpr std::size_t kMaxFrames = 32 * 1024;

struct Options {
  apps::MemberOptions member;
  std::string interface;
  double cam_refresh_seconds = 5;
  gateway::BridgeConfig bridge;

  void add_to(apps::CommandLine& line) {
    member.add_to(line);
    CLI::App& options = line.options();
    options.add_option("--interface", interface, "The wired network card on the party's LAN; nothing on it is changed")
        ->required()
        ->type_name("IF");
    options
        .add_option("--cam-refresh", cam_refresh_seconds,
                    "Seconds between the small frames that keep silent members known to the switches (default: 5)")
        ->check(CLI::Range(0.0, 3600.0).description(""))
        ->type_name("SECONDS");
    options.add_flag("--frame-log", bridge.log_frames, "Log every frame: for looking into a problem");
  }
};

int run(const apps::CommandLine& line, Options& options) {
  if (const std::string problem = options.member.problem(); !problem.empty()) return line.refuse(problem);
  options.bridge.cam_refresh =
      std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.cam_refresh_seconds));
  platform::SystemRandom random;
  const auto identity = options.member.load_identity("gateway", random);
  if (!identity) return line.give_up(identity.error().message);
  auto tls = options.member.make_tls(*identity);
  if (!tls) return line.give_up(tls.error().message);
  auto socket = platform::PacketSocket::open(options.interface);
  if (!socket) return line.give_up(socket.error().message);

  obs::Log log = line.make_log();
  FramePool pool(kMaxFrames);
  runtime::Loop loop;
  runtime::LanPump lan(loop, std::move(*socket), pool, log);
  gateway::Bridge bridge(options.bridge, pool, lan, log);
  apps::MemberProgram program(line, loop, pool, random, log, std::move(*tls), options.member.dialer_config(),
                              options.member.session_config(line, ctrl::Role::gateway, identity->mac), bridge);
  bridge.attach(program.session());
  lan.start(bridge);
  loop.attach({.next_deadline = [&] { return bridge.next_deadline(); },
               .on_deadline = [&](TimePoint now) { bridge.on_deadline(now); },
               .flush = {}});
  return program.run();
}

}  // namespace

int main(int argc, char** argv) {
  apps::CommandLine line(
      "lanparty-gateway",
      "The gateway of softlan: puts the party's wired LAN into a room, so that remote players are on it.",
      "Example, on a Linux machine with a cable to the party's switch:\n"
      "  lanparty-gateway --relay relay.example.org:443 --server-name lanparty-relay.local \\\n"
      "    --relay-ca-cert relay-cert.der --room ROOM1 --interface eth0\n");
  Options options;
  options.add_to(line);
  if (const auto exit_code = line.parse(argc, argv)) return *exit_code;
  return run(line, options);
}
