// lanparty-client: the player's side.
#include <optional>
#include <string>
#include <utility>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "apps/common/member_program.h"
#include "apps/common/member_sight.h"
#include "apps/common/status_command.h"
#include "auth/pass.h"
#include "base/frame_pool.h"
#include "client/bridge.h"
#include "platform/linux/tap.h"
#include "platform/system_random.h"
#include "platform/terminal.h"
#include "proto/budget.h"
#include "runtime/address_keeper.h"
#include "runtime/loop.h"
#include "runtime/tap_pump.h"

namespace {

using namespace softlan;

// Frames held at once; beyond it frames are dropped, not memory taken (about 50 MB).
constexpr std::size_t kMaxFrames = 32 * 1024;

struct Options {
  apps::MemberOptions member;
  apps::StatusSocket status_socket;
  std::string tap = "lanparty0";
  std::string virtual_mac;
  bool dhcp = false;

  void add_to(apps::CommandLine& line) {
    member.add_to(line);
    status_socket.add_to(line);
    CLI::App& options = line.options();
    options
        .add_option("--tap", tap, "Name of the virtual network card, which exists while this runs (default: lanparty0)")
        ->type_name("NAME");
    options.add_option("--virtual-mac", virtual_mac, "MAC of that card (default: the one in the identity file)")
        ->type_name("MAC");
    options.add_flag("--dhcp", dhcp,
                     "Ask the party's DHCP server for an address; default route and name servers stay as they are");
  }
};

std::optional<apps::MemberProgram::Credentials> ask_for_pass(const apps::CommandLine& line, const std::string& room) {
  const auto typed = platform::ask_secret(fmt::format("Pass of room {}: ", room));
  if (!typed) return std::nullopt;
  const auto pass = auth::check_pass(*typed);
  if (!pass) {
    line.give_up(pass.error().message);
    return std::nullopt;
  }
  return apps::MemberProgram::Credentials{*pass, {}};
}

int run(const apps::CommandLine& line, Options& options) {
  if (const auto settled = options.member.settle(); !settled) return line.refuse(settled.error().message);
  std::optional<proto::Mac> chosen_mac;
  if (!options.virtual_mac.empty()) {
    chosen_mac = proto::parse_mac(options.virtual_mac);
    if (!chosen_mac || !proto::may_own(*chosen_mac)) {
      return line.refuse("--virtual-mac: that is not the MAC of one network card; write it like 02:00:5e:10:00:01");
    }
  }
  platform::SystemRandom random;
  const auto identity = options.member.load_identity("client", random);
  if (!identity) return line.give_up(identity.error().message);
  auto tls = options.member.make_tls(*identity);
  if (!tls) return line.give_up(tls.error().message);
  const proto::Mac mac = chosen_mac.value_or(identity->mac);
  auto tap = platform::Tap::create(options.tap, mac, proto::kDefaultRoomMtu);
  if (!tap) return line.give_up(tap.error().message);

  obs::Log log = line.make_log();
  FramePool pool(kMaxFrames);
  runtime::Loop loop;
  runtime::TapPump pump(loop, std::move(*tap), pool, log);
  client::Bridge bridge(mac, pump);
  runtime::AddressKeeper addresses(loop, options.tap, options.dhcp, log);
  runtime::DialerConfig dialer = options.member.dialer_config();
  dialer.bind_to_device = true;
  dialer.ignore_interface = pump.tap().index();
  apps::MemberProgram program(line, loop, pool, random, log, std::move(*tls), std::move(dialer),
                              options.member.session_config(line, ctrl::Role::client, mac), bridge);
  bridge.attach(program.session());
  if (options.member.pass.empty() && platform::has_terminal()) {
    program.on_pass_needed([&] { return ask_for_pass(line, options.member.room); });
  }
  pump.on_carrier([&](bool on) { addresses.on_carrier(on); });
  pump.start(bridge, [&] { program.give_up("the virtual network card " + options.tap + " was deleted"); });
  loop.attach({.next_deadline = [&] { return bridge.next_deadline(); },
               .on_deadline = [&](TimePoint now) { bridge.on_deadline(now); },
               .flush = {}});
  const apps::MemberSight sight(options.status_socket, line, loop, log, program.session());
  return program.run();
}

}  // namespace

int main(int argc, char** argv) {
  apps::CommandLine line("lanparty-client",
                         "The player's side of softlan: a virtual network card that is plugged into the party's LAN.",
                         "Example, with the link the organiser gave you (quotes keep it in one piece):\n"
                         "  sudo lanparty-client --join 'lanparty://relay.example.org/ROOM1?pin=...#PASS' \\\n"
                         "    --name Ada --dhcp\n");
  Options options;
  apps::StatusCommand status(apps::StatusCommand::About::one_room);
  options.add_to(line);
  status.add_to(line);
  if (const auto exit_code = line.parse(argc, argv)) return *exit_code;
  if (const auto exit_code = status.run(line)) return *exit_code;
  return run(line, options);
}
