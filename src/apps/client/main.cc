// lanparty-client: the player's side.
#include <optional>
#include <string>
#include <utility>

#include "apps/client/diagnose.h"
#include "apps/client/machine.h"
#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "apps/common/member_program.h"
#include "apps/common/member_sight.h"
#include "apps/common/sight_options.h"
#include "auth/pass.h"
#include "base/frame_pool.h"
#include "client/bridge.h"
#include "platform/system_random.h"
#include "platform/terminal.h"
#include "runtime/loop.h"

namespace {

using namespace softlan;

// Frames held at once; beyond it frames are dropped, not memory taken (about 50 MB).
constexpr std::size_t kMaxFrames = 32 * 1024;

struct Options {
  apps::MemberOptions member;
  apps::SightOptions sight;
  apps::DiagnoseOption diagnose;
  std::string virtual_mac;

  void add_to(apps::CommandLine& line) {
    member.add_to(line);
    sight.add_to(line);
    diagnose.add_to(line);
    line.options()
        .add_option("--virtual-mac", virtual_mac,
                    "MAC of your card at the party (default: the one in the identity file)")
        ->type_name("MAC");
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

int run(const apps::CommandLine& line, Options& options, apps::Machine& machine) {
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
  const auto voice = options.sight.make_voice(line);
  if (!voice) return line.give_up(voice.error().message);

  FramePool pool(kMaxFrames);
  runtime::Loop loop;
  if (options.member.goes_first) loop.go_first();
  const auto card = machine.plug_in({line, loop, pool, **voice}, chosen_mac.value_or(identity->mac));
  if (!card) return line.give_up(card.error().message);
  client::Bridge bridge((*card)->mac(), (*card)->port());
  runtime::DialerConfig dialer = options.member.dialer_config();
  (*card)->stay_clear(dialer);
  apps::MemberProgram program(line, loop, pool, random, **voice, std::move(*tls), std::move(dialer),
                              options.member.session_config(line, ctrl::Role::client, (*card)->mac()), bridge);
  bridge.attach(program.session());
  if (options.member.pass.empty() && platform::has_terminal()) {
    program.on_pass_needed([&] { return ask_for_pass(line, options.member.room); });
  }
  (*card)->start(bridge, [&](const std::string& sentence) { program.give_up(sentence); });
  loop.attach({.next_deadline = [&] { return bridge.next_deadline(); },
               .on_deadline = [&](TimePoint now) { bridge.on_deadline(now); },
               .flush = {}});
  const apps::MemberSight sight(launch_of(line, options.member), loop, **voice, program.session(),
                                [&] { return (*card)->facts(program.session().relay_address()); });
  (*card)->answer(sight.answering());
  return program.run();
}

}  // namespace

int main(int argc, char** argv) {
  const auto machine = apps::this_machine();
  apps::CommandLine line("lanparty-client",
                         "The player's side of softlan: a virtual network card that is plugged into the party's LAN.",
                         machine->example());
  Options options;
  options.add_to(line);
  machine->add_to(line);
  if (const auto exit_code = line.parse(argc, argv)) return *exit_code;
  if (const auto exit_code = machine->run_subcommand(line)) return *exit_code;
  if (const auto exit_code = options.diagnose.run(line, options.member, options.sight, machine->means(line))) {
    return *exit_code;
  }
  return run(line, options, *machine);
}
