#include <utility>

#include "apps/client/machine.h"
#include "apps/common/question.h"
#include "apps/common/status_command.h"
#include "apps/common/status_socket.h"
#include "platform/linux/tap.h"
#include "proto/budget.h"
#include "runtime/address_keeper.h"
#include "runtime/machine_facts_linux.h"
#include "runtime/tap_pump.h"

namespace softlan::apps {

namespace {

struct Options {
  std::string tap = "lanparty0";
  bool dhcp = false;
  StatusSocket status_socket;
  StatusCommand status{StatusCommand::About::one_room};
};

// The socket to the relay is bound to the interface that leads there, so no route is changed.
runtime::MachineFacts look(const Options& options, const std::optional<SocketAddress>& relay) {
  runtime::MachineFacts facts = runtime::look_at_machine(options.tap, relay);
  if (facts.way) facts.way->pinned = "socket bound to it";
  return facts;
}

class TapCard final : public Card {
 public:
  TapCard(const Workplace& place, const Options& options, platform::Tap tap, const proto::Mac& mac)
      : place_(place),
        options_(options),
        mac_(mac),
        pump_(place.loop, std::move(tap), place.pool, place.voice.log()),
        addresses_(place.loop, options.tap, options.dhcp, place.voice) {
    pump_.on_carrier([this](bool on) { addresses_.on_carrier(on); });
  }

  proto::Mac mac() const override { return mac_; }
  client::TapPort& port() override { return pump_; }

  void stay_clear(runtime::DialerConfig& dialer) override {
    dialer.bind_to_device = true;
    dialer.ignore_interface = pump_.tap().index();
  }

  void start(client::Bridge& bridge, std::function<void(const std::string&)> on_gone) override {
    pump_.start(bridge, [this, on_gone = std::move(on_gone)] {
      on_gone("the virtual network card " + options_.tap + " was deleted");
    });
  }

  runtime::MachineFacts facts(const std::optional<SocketAddress>& relay) override { return look(options_, relay); }

  void answer(runtime::Answering answering) override {
    answers_ = options_.status_socket.open(place_.line, place_.loop, place_.voice.log(), std::move(answering));
  }

 private:
  Workplace place_;
  const Options& options_;
  proto::Mac mac_;
  runtime::TapPump pump_;
  runtime::AddressKeeper addresses_;
  std::unique_ptr<runtime::StatusServer> answers_;
};

class LinuxMachine final : public Machine {
 public:
  std::string example() const override {
    return "Example, with the link the organiser gave you (quotes keep it in one piece):\n"
           "  sudo lanparty-client --join 'lanparty://relay.example.org/ROOM1?pin=...#PASS' \\\n"
           "    --name Ada --dhcp\n";
  }

  void add_to(CommandLine& line) override {
    CLI::App& options = line.options();
    options
        .add_option("--tap", options_.tap,
                    "Name of the virtual network card, which exists while this runs (default: lanparty0)")
        ->type_name("NAME");
    options.add_flag("--dhcp", options_.dhcp,
                     "Ask the party's DHCP server for an address; default route and name servers stay as they are");
    for (const char* flag : {"--adapter", "--keep-adapter-mac"}) {
      line.add_foreign(flag, "only Windows has TAP adapters; here the card is made, --tap names it");
    }
    options_.status_socket.add_to(line);
    options_.status.add_to(line);
  }

  std::optional<int> run_subcommand(const CommandLine& line) const override { return options_.status.run(line); }

  DiagnoseOption::Means means(const CommandLine& line) const override {
    return {.look = [this](const auto& relay) { return look(options_, relay); },
            .ask = [&] { return Question(options_.status_socket.path()).ask(line, {"diagnose"}).value_or(""); }};
  }

  Result<std::unique_ptr<Card>> plug_in(const Workplace& place, const proto::Mac& mac) override {
    auto tap = platform::Tap::create(options_.tap, mac, proto::kDefaultRoomMtu);
    if (!tap) return std::unexpected(tap.error());
    return std::make_unique<TapCard>(place, options_, *std::move(tap), mac);
  }

 private:
  Options options_;
};

}  // namespace

std::unique_ptr<Machine> this_machine() { return std::make_unique<LinuxMachine>(); }

}  // namespace softlan::apps
