// An evening of the Windows client's route keeper by itself: routes and settings as the double of IP Helper has them.
//
// route_program JOURNAL GUID   puts back what an earlier run left, plays, prints what it saw, puts everything back
// route_program JOURNAL        only puts back
#include <cstdio>

#include "client/network_undo.h"
#include "client/route_keeper.h"
#include "platform/network_settings.h"
#include "runtime/undo_journal.h"

namespace {

using namespace softlan;

struct Printer final : client::RouteListener {
  void on_trouble(const std::string& sentence) override { std::printf("trouble: %s\n", sentence.c_str()); }
};

void show(const client::RouteStatus& status) {
  for (const auto& relay : status.relays) {
    std::printf("relay %s %s", to_string(relay.address).c_str(), relay.pinned ? "pinned" : "not pinned");
    if (relay.path)
      std::printf(" via %s on %u from %s", to_string(relay.path->route.next_hop).c_str(), relay.path->index,
                  to_string(relay.path->source).c_str());
    std::printf("\n");
  }
}

int give_up(const Error& error) {
  std::printf("%s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  obs::Log log(obs::Level::warn, obs::LogFormat::text);
  const auto network = platform::open_network_settings();
  if (!network) return give_up(network.error());
  auto journal = runtime::UndoJournal::open(argv[1]);
  if (!journal) return give_up(journal.error());
  journal->recover(
      {{client::kNetworkChange, [&](const Change& change) { return client::put_back(**network, change); }}}, log);
  if (argc < 3) return 0;
  const auto tap = platform::interface_with_guid(argv[2]);
  if (!tap) return give_up(tap.error());

  Printer printer;
  client::RouteKeeper keeper(*tap, **network, *journal, printer);
  constexpr TimePoint kStart{};
  keeper.set_relays(kStart, std::vector{parse_ip("203.0.113.5").value(), parse_ip("2001:db8::5").value()});
  keeper.start(kStart);
  keeper.set_mtu(kStart, 1200);
  keeper.on_deadline(keeper.next_deadline());
  show(keeper.status());
  keeper.stop();
  return 0;
}
