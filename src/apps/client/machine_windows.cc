#include <algorithm>
#include <ranges>
#include <utility>

#include "apps/client/machine.h"
#include "client/adapter_mac.h"
#include "client/network_undo.h"
#include "client/route_keeper.h"
#include "client/tap_choice.h"
#include "platform/files.h"
#include "platform/network_settings.h"
#include "platform/routes.h"
#include "platform/system_name.h"
#include "platform/windows/console_events.h"
#include "platform/windows/interface_index.h"
#include "platform/windows/tap_adapters.h"
#include "platform/windows/tap_device.h"
#include "runtime/route_watch.h"
#include "runtime/tap_pump_windows.h"
#include "runtime/undo_journal.h"

namespace softlan::apps {

namespace {

constexpr const char* kJournal = "lanparty-client-undo.jsonl";

struct Options {
  std::string adapter;
  bool keep_mac = false;
};

// What an earlier run changed on this machine and could not put back is put back before anything else.
Result<std::unique_ptr<runtime::UndoJournal>> open_journal(TapAdapters& adapters, NetworkSettings& network,
                                                           obs::Log& log) {
  const auto folder = platform::default_state_directory("client");
  if (!folder) return std::unexpected(folder.error());
  auto opened = runtime::UndoJournal::open(*folder + "\\" + kJournal);
  if (!opened) return std::unexpected(opened.error());
  auto journal = std::make_unique<runtime::UndoJournal>(*std::move(opened));
  journal->recover({{client::kNetworkChange, [&](const Change& change) { return client::put_back(network, change); }},
                    {std::string(client::AdapterMac::kChange),
                     [&](const Change& change) { return client::AdapterMac::put_back(adapters, change); }}},
                   log);
  return journal;
}

// The adapter that the flags name, or our own, which is made when it is not there.
Result<TapAdapter> find_adapter(TapAdapters& adapters, const std::string& wanted) {
  const std::vector<TapAdapter> all = adapters.list();
  const auto chosen = client::choose_adapter(all, wanted);
  if (!chosen) return std::unexpected(chosen.error());
  if (*chosen) return **chosen;
  auto made = adapters.create(std::string(client::kOwnAdapter));
  if (!made) return fail("{}", client::no_adapter(all, made.error().message));
  return made;
}

std::optional<runtime::WayFacts> look_at_way(const std::optional<SocketAddress>& relay, int own_card) {
  const auto route = relay ? platform::best_route(relay->ip, own_card) : fail("no relay");
  if (!route) return std::nullopt;
  runtime::WayFacts way{.interface = route->interface_name,
                        .index = static_cast<std::uint32_t>(route->index),
                        .next_hop = route->gateway,
                        .pinned = "socket bound to it"};
  if (route->source.family != IpAddress::Family::none) way.source = route->source;
  return way;
}

// Members in the order in which they come to be: what is changed last is put back first.
class AdapterCard final : public Card, private client::RouteListener {
 public:
  // Of what has been opened on the way to it.
  struct Parts {
    std::unique_ptr<TapAdapters> adapters;
    std::unique_ptr<NetworkSettings> network;
    std::unique_ptr<runtime::UndoJournal> journal;
    TapAdapter adapter;
    std::unique_ptr<client::AdapterMac> adapter_mac;
    proto::Mac mac;
    InterfaceId interface_id = 0;
  };

  AdapterCard(const Workplace& place, Parts parts, platform::TapDevice device)
      : place_(place),
        parts_(std::move(parts)),
        index_(platform::interface_index(parts_.interface_id)),
        pump_(place.loop, std::move(device), place.pool, place.voice.log(),
              [this](std::uint16_t mtu) { keeper_.set_mtu(place_.loop.now(), mtu); }),
        keeper_(parts_.interface_id, *parts_.network, *parts_.journal, *this) {
    keeper_.start(place_.loop.now());
    place_.loop.attach({.next_deadline = [this] { return keeper_.next_deadline(); },
                        .on_deadline =
                            [this](TimePoint now) {
                              keeper_.on_deadline(now);
                              tell_address();
                            },
                        .flush = {}});
    auto changes = runtime::RouteWatch::start(place_.loop, [this](TimePoint now) { keeper_.on_change(now); });
    if (changes) changes_ = *std::move(changes);
  }

  proto::Mac mac() const override { return parts_.mac; }
  client::TapPort& port() override { return pump_; }

  void stay_clear(runtime::DialerConfig& dialer) override {
    dialer.bind_to_device = true;
    dialer.ignore_interface = index_;
    dialer.on_addresses = [this](TimePoint now, std::span<const SocketAddress> addresses) {
      std::vector<IpAddress> relays;
      for (const SocketAddress& address : addresses) relays.push_back(address.ip);
      keeper_.set_relays(now, relays);
    };
  }

  void start(client::Bridge& bridge, std::function<void(const std::string&)> on_gone) override {
    pump_.start(bridge, [this, on_gone = std::move(on_gone)] {
      on_gone("the adapter \"" + parts_.adapter.name + "\" was disabled or removed");
    });
  }

  runtime::MachineFacts facts(const std::optional<SocketAddress>& relay) override {
    const client::RouteStatus& status = keeper_.status();
    runtime::CardFacts card{.name = parts_.adapter.name,
                            .guid = parts_.adapter.guid,
                            .index = static_cast<std::uint32_t>(index_),
                            .luid = parts_.interface_id,
                            .driver = "TAP-Windows " + pump_.device().version(),
                            .mac = parts_.mac,
                            .mtu = status.tap[0] ? std::optional(status.tap[0]->mtu) : std::nullopt,
                            .addresses = std::vector<std::string>()};
    for (const InterfaceAddress& each : status.tap_addresses) card.addresses->push_back(text_of(each));
    runtime::MachineFacts facts{.system = platform::system_name(),
                                .card = std::move(card),
                                .way = look_at_way(relay, index_),
                                .notices = status.troubles};
    const auto pinned = std::ranges::find_if(status.relays, [&](const client::RouteStatus::Relay& each) {
      return each.pinned && relay && each.address == relay->ip;
    });
    if (facts.way && pinned != status.relays.end()) facts.way->pinned = "host route";
    return facts;
  }

  // No other call of the program asks.
  void answer(runtime::Answering) override {}

 private:
  void on_trouble(const std::string& sentence) override { place_.voice.tell(sentence); }

  static std::string text_of(const InterfaceAddress& address) {
    return fmt::format("{}/{}", to_string(address.address), address.prefix_length);
  }

  void tell_address() {
    const auto& addresses = keeper_.status().tap_addresses;
    const auto v4 = std::ranges::find(addresses, IpAddress::Family::v4,
                                      [](const InterfaceAddress& each) { return each.address.family; });
    const std::string address = v4 == addresses.end() ? "" : text_of(*v4);
    if (address == told_) return;
    place_.voice.tell(address.empty()
                          ? fmt::format("{} has no address any more.", parts_.adapter.name)
                          : fmt::format("Your address at the party is {} (on {}).", address, parts_.adapter.name));
    told_ = address;
  }

  Workplace place_;
  Parts parts_;
  int index_;
  runtime::TapPump pump_;
  client::RouteKeeper keeper_;
  std::unique_ptr<runtime::RouteWatch> changes_;
  std::string told_;
};

class WindowsMachine final : public Machine {
 public:
  std::string example() const override {
    return "Example, as administrator, with the link the organiser gave you (quotes keep it in one piece):\n"
           "  lanparty-client-win --join \"lanparty://relay.example.org/ROOM1?pin=...#PASS\" --name Ada\n";
  }

  void add_to(CommandLine& line) override {
    CLI::App& options = line.options();
    options
        .add_option("--adapter", options_.adapter,
                    "The TAP adapter to use, by its name or GUID (default: one of our own, called softlan)")
        ->type_name("NAME|GUID");
    options.add_flag("--keep-adapter-mac", options_.keep_mac,
                     "Be known at the party by the MAC the adapter has, instead of changing that while this runs");
    line.add_foreign("--tap", "on Windows the card is an adapter; --adapter names it");
    line.add_foreign("--dhcp", "Windows asks the party's DHCP server by itself; leave it out");
  }

  std::optional<int> run_subcommand(const CommandLine&) const override { return std::nullopt; }

  DiagnoseOption::Means means(const CommandLine&) const override {
    return {.look = [this](const auto& relay) { return look(relay); }, .ask = [] { return std::string(); }};
  }

  Result<std::unique_ptr<Card>> plug_in(const Workplace& place, const proto::Mac& mac) override {
    platform::ConsoleEvents::hold();
    AdapterCard::Parts parts;
    parts.adapters = std::make_unique<platform::WindowsTapAdapters>();
    auto network = platform::open_network_settings();
    if (!network) return std::unexpected(network.error());
    parts.network = *std::move(network);
    auto journal = open_journal(*parts.adapters, *parts.network, place.voice.log());
    if (!journal) return std::unexpected(journal.error());
    parts.journal = *std::move(journal);

    auto adapter = find_adapter(*parts.adapters, options_.adapter);
    if (!adapter) return std::unexpected(adapter.error());
    parts.adapter = *std::move(adapter);
    if (const auto done = settle_mac(parts, mac); !done) return std::unexpected(done.error());
    const auto interface_id = platform::interface_with_guid(parts.adapter.guid);
    if (!interface_id) return std::unexpected(interface_id.error());
    parts.interface_id = *interface_id;
    auto device = platform::TapDevice::open(parts.adapter);
    if (!device) return std::unexpected(device.error());
    return std::make_unique<AdapterCard>(place, std::move(parts), *std::move(device));
  }

 private:
  Result<void> settle_mac(AdapterCard::Parts& parts, const proto::Mac& wanted) const {
    const auto has = parts.adapters->hardware_address(parts.adapter);
    if (!has) return std::unexpected(has.error());
    const auto chosen = client::choose_mac(wanted, proto::Mac{*has}, options_.keep_mac);
    if (!chosen) return std::unexpected(chosen.error());
    parts.mac = *chosen;
    parts.adapter_mac = std::make_unique<client::AdapterMac>(*parts.adapters, *parts.journal);
    if (parts.mac == proto::Mac{*has}) return {};
    return parts.adapter_mac->take(parts.adapter, parts.mac);
  }

  runtime::MachineFacts look(const std::optional<SocketAddress>& relay) const {
    runtime::MachineFacts facts{.system = platform::system_name()};
    platform::WindowsTapAdapters adapters;
    const std::vector<TapAdapter> all = adapters.list();
    int index = 0;
    if (const auto chosen = client::choose_adapter(all, options_.adapter); !chosen) {
      facts.notices.push_back(chosen.error().message);
    } else if (*chosen) {
      const TapAdapter& adapter = **chosen;
      facts.card = runtime::CardFacts{
          .name = adapter.name, .guid = adapter.guid, .driver = "TAP-Windows " + adapter.driver_version};
      index = platform::interface_index(platform::interface_with_guid(adapter.guid).value_or(0));
    }
    facts.way = look_at_way(relay, index);
    return facts;
  }

  Options options_;
};

}  // namespace

std::unique_ptr<Machine> this_machine() { return std::make_unique<WindowsMachine>(); }

}  // namespace softlan::apps
