#include "client/route_keeper.h"

#include <algorithm>
#include <utility>

#include "client/network_undo.h"
#include "client/route_choice.h"

namespace softlan::client {

namespace {

using Family = IpAddress::Family;

constexpr std::uint32_t kMinMtuV6 = 1280;  // RFC 8200, section 5

}  // namespace

RouteKeeper::RouteKeeper(InterfaceId tap, NetworkSettings& network, Undo& undo, RouteListener& listener)
    : tap_(tap), network_(network), undo_(undo), listener_(listener) {}

void RouteKeeper::start(TimePoint now) {
  started_ = true;
  check(now);
}

void RouteKeeper::set_relays(TimePoint now, std::span<const IpAddress> relays) {
  relays_.clear();
  for (const IpAddress& relay : relays) {
    if (relays_.size() < kMaxRelays && !is_link_local(relay)) relays_.push_back(relay);
  }
  if (started_) check(now);
}

void RouteKeeper::set_mtu(TimePoint now, std::uint16_t mtu) {
  mtu_ = mtu;
  if (started_) check(now);
}

void RouteKeeper::on_change(TimePoint now) {
  if (started_) next_check_ = std::min(next_check_, now + kSettleTime);
}

void RouteKeeper::on_deadline(TimePoint now) {
  if (now >= next_check_) check(now);
}

void RouteKeeper::stop() {
  started_ = false;
  next_check_ = kNever;
  while (!changes_.empty()) {
    const Change newest = changes_.back();
    changes_.pop_back();
    if (const auto done = put_back(network_, newest); done) {
      undo_.forget(newest);
    } else {
      listener_.on_trouble(
          fmt::format("{}. The next start of lanparty-client tries once more to put it back.", done.error().message));
    }
  }
}

void RouteKeeper::check(TimePoint now) {
  next_check_ = now + kCheckInterval;
  told_ = std::exchange(status_, {}).troubles;
  read_table();
  pin_relays();
  for (const Family family : {Family::v4, Family::v6}) {
    settle_tap(family);
    silence_name_servers(family);
  }
  verify_relays();
  look_at_addresses();
  look_at_broadcasts();
}

void RouteKeeper::read_table() {
  table_.clear();
  for (const Family family : {Family::v4, Family::v6}) {
    const auto routes = network_.routes(family);
    if (routes) {
      table_.insert(table_.end(), routes->begin(), routes->end());
    } else {
      tell(routes.error().message);
    }
  }
}

void RouteKeeper::pin_relays() {
  for (const IpAddress& relay : relays_) pin(relay);
  for (const Route& route : pins()) {
    if (std::ranges::find(relays_, route.destination.address) == relays_.end()) unpin(route);
  }
}

// A pin stays where it is while there is no better way: its network may come back.
void RouteKeeper::pin(const IpAddress& relay) {
  const auto way = best_route(table_, relay, tap_, pins());
  if (!way) return;
  const Route wanted{
      .destination = host_prefix(relay), .next_hop = way->route.next_hop, .interface_id = way->route.interface_id};
  const bool there = std::ranges::find(table_, wanted, &RouteEntry::route) != table_.end();
  if (!there && !make(added_route(wanted), [&] { return network_.add_route(wanted); })) return;
  for (const Route& old : pins()) {
    if (old.destination == wanted.destination && old != wanted) unpin(old);
  }
}

void RouteKeeper::unpin(const Route& route) {
  if (const auto removed = network_.remove_route(route); !removed) return tell(removed.error().message);
  forget(added_route(route));
}

void RouteKeeper::settle_tap(Family family) {
  const auto now = network_.interface_settings(tap_, family);
  if (!now) return tell(now.error().message);
  auto& status = status_.tap[family == Family::v6];
  status = *now;
  if (!*now) return;
  InterfaceSettings wanted = **now;
  wanted.automatic_metric = false;
  wanted.metric = kTapMetric;
  wanted.default_routes = false;
  if (mtu_) wanted.mtu = family == Family::v6 ? std::max<std::uint32_t>(*mtu_, kMinMtuV6) : *mtu_;
  if (wanted == **now) return;
  if (make(changed_interface(tap_, family, **now),
           [&] { return network_.set_interface_settings(tap_, family, wanted); }))
    status = wanted;
}

void RouteKeeper::silence_name_servers(Family family) {
  const auto asked = network_.asks_name_servers(tap_, family);
  if (!asked) return tell(asked.error().message);
  if (!asked->value_or(false)) return;
  make(changed_name_servers(tap_, family, true), [&] { return network_.ask_name_servers(tap_, family, false); });
}

void RouteKeeper::verify_relays() {
  const auto own = pins();
  for (const IpAddress& relay : relays_) {
    RouteStatus::Relay status{.address = relay, .path = {}, .pinned = false};
    if (auto path = network_.path_to(relay)) status.path = *path;
    if (status.path && status.path->route.interface_id == tap_)
      tell(
          fmt::format("The way to the relay {} leads through the party itself, where it cannot be reached: check that "
                      "your internet connection works.",
                      to_string(relay)));
    status.pinned = status.path && std::ranges::find(own, status.path->route) != own.end();
    status_.relays.push_back(status);
  }
}

void RouteKeeper::look_at_addresses() {
  const auto addresses = network_.addresses();
  if (!addresses) return tell(addresses.error().message);
  std::ranges::copy_if(*addresses, std::back_inserter(status_.tap_addresses),
                       [&](const InterfaceAddress& entry) { return entry.interface_id == tap_; });
  if (const auto shared = shared_network(*addresses, tap_))
    tell(
        fmt::format("Your home network and the party both use {}: while you are connected those addresses mean the "
                    "party, so your router, printer or web pages may not answer; give your home router another "
                    "network, or join through a phone's hotspot.",
                    to_string(*shared)));
}

void RouteKeeper::look_at_broadcasts() {
  if (broadcasts_go_elsewhere(table_, tap_))
    tell(
        "Another network card has as low a metric as the party's, so games may look for each other there: set its "
        "metric to automatic, or switch that card off while you play.");
}

template <typename Make>
bool RouteKeeper::make(const Change& change, Make&& how) {
  if (std::ranges::find(changes_, change.target, &Change::target) == changes_.end()) {
    if (const auto remembered = undo_.remember(change); !remembered) {
      tell(remembered.error().message);
      return false;
    }
    changes_.push_back(change);
  }
  const Result<void> made = how();
  if (!made) tell(made.error().message);
  return made.has_value();
}

void RouteKeeper::forget(const Change& change) {
  std::erase(changes_, change);
  undo_.forget(change);
}

std::vector<Route> RouteKeeper::pins() const {
  std::vector<Route> routes;
  for (const Change& change : changes_) {
    if (const auto route = route_of(change)) routes.push_back(*route);
  }
  return routes;
}

void RouteKeeper::tell(std::string sentence) {
  auto& troubles = status_.troubles;
  if (std::ranges::find(troubles, sentence) != troubles.end()) return;
  if (std::ranges::find(told_, sentence) == told_.end()) listener_.on_trouble(sentence);
  troubles.push_back(std::move(sentence));
}

}  // namespace softlan::client
