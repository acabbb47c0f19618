// A machine with networks, in memory: keeps tables as Windows does, and can fail or lose its program at any call.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/network_settings.h"
#include "base/undo.h"

namespace softlan::client::test {

using Family = IpAddress::Family;

inline IpAddress ip(std::string_view text) { return parse_ip(text).value(); }
inline Route route(std::string_view destination, std::string_view next_hop, InterfaceId interface_id) {
  return {.destination = parse_prefix(destination).value(), .next_hop = ip(next_hop), .interface_id = interface_id};
}

struct Killed {};

// Counts what a program asks of the machine. The call with the number `fail_at` fails; at the one with the number
// `die_at` the program is killed instead, and what is left of it does nothing any more.
struct Fate {
  int calls = 0;
  int fail_at = 0;
  int die_at = 0;

  Result<void> next() {
    ++calls;
    if (calls == die_at) throw Killed{};
    if (die_at > 0 && calls > die_at) return fail("killed");
    if (calls == fail_at) return fail("call {} failed", calls);
    return {};
  }
};

class Machine final : public NetworkSettings {
 public:
  static constexpr InterfaceId kHome = 11;
  static constexpr InterfaceId kWifi = 12;
  static constexpr InterfaceId kTap = 77;
  using Key = std::pair<InterfaceId, Family>;

  // All that can be changed here.
  struct Tables {
    std::map<Route, std::uint32_t> routes;  // with the metric of the route alone
    std::map<Key, InterfaceSettings> interfaces;
    std::map<Key, bool> name_servers;
    std::vector<InterfaceAddress> addresses;

    bool operator==(const Tables&) const = default;
  };

  explicit Machine(Fate& fate) : fate_(fate) {
    for (const InterfaceId id : {kHome, kWifi, kTap}) {
      for (const Family family : {Family::v4, Family::v6}) {
        tables.interfaces[{id, family}] = {.metric = automatic_metric(id), .mtu = 1500};
        tables.name_servers[{id, family}] = true;
      }
    }
    tables.routes[route("0.0.0.0/0", "192.168.1.1", kHome)] = 0;
    tables.routes[route("0.0.0.0/0", "10.9.0.1", kWifi)] = 0;
    tables.routes[route("192.168.1.0/24", "0.0.0.0", kHome)] = 256;
    tables.routes[route("::/0", "fe80::1", kHome)] = 256;
    for (const InterfaceId id : {kHome, kWifi}) tables.routes[route("255.255.255.255/32", "0.0.0.0", id)] = 256;
    tables.addresses = {{.interface_id = kHome, .address = ip("192.168.1.20"), .prefix_length = 24}};
  }

  // What the party's DHCP server does to the card.
  void lease(std::string_view address, std::string_view router) {
    tables.addresses.push_back({.interface_id = kTap, .address = ip(address), .prefix_length = 24});
    tables.routes[{network_of(ip(address), 24), ip("0.0.0.0"), kTap}] = 256;
    tables.routes[route("255.255.255.255/32", "0.0.0.0", kTap)] = 256;
    tables.routes[route("0.0.0.0/0", router, kTap)] = 0;
  }

  Result<std::vector<RouteEntry>> routes(Family family) override {
    if (auto on = fate_.next(); !on) return std::unexpected(on.error());
    std::vector<RouteEntry> entries;
    for (const auto& [route, metric] : tables.routes) {
      if (route.destination.address.family == family) entries.push_back(entry(route, metric));
    }
    return entries;
  }

  Result<RouteEntry> path_to(const IpAddress& address) override {
    if (auto on = fate_.next(); !on) return std::unexpected(on.error());
    std::optional<RouteEntry> best;
    for (const auto& [route, metric] : tables.routes) {
      if (!contains(route.destination, address) || !in_use(route)) continue;
      const RouteEntry candidate = entry(route, metric);
      const auto rank = [](const RouteEntry& e) { return std::pair(-e.route.destination.length, e.metric); };
      if (!best || rank(candidate) < rank(*best)) best = candidate;
    }
    if (!best) return fail("no way to {}", to_string(address));
    return *best;
  }

  Result<void> add_route(const Route& route) override {
    if (auto on = fate_.next(); !on) return on;
    if (!tables.routes.emplace(route, 0).second) return fail("there is such a route");
    return {};
  }

  Result<void> remove_route(const Route& route) override {
    if (auto on = fate_.next(); !on) return on;
    tables.routes.erase(route);
    return {};
  }

  Result<std::optional<InterfaceSettings>> interface_settings(InterfaceId id, Family family) override {
    if (auto on = fate_.next(); !on) return std::unexpected(on.error());
    return find(tables.interfaces, {id, family});
  }

  Result<void> set_interface_settings(InterfaceId id, Family family, const InterfaceSettings& settings) override {
    if (auto on = fate_.next(); !on) return on;
    auto& now = tables.interfaces.at({id, family});
    now = settings;
    if (now.automatic_metric) now.metric = automatic_metric(id);
    return {};
  }

  Result<std::optional<bool>> asks_name_servers(InterfaceId id, Family family) override {
    if (auto on = fate_.next(); !on) return std::unexpected(on.error());
    return find(tables.name_servers, {id, family});
  }

  Result<void> ask_name_servers(InterfaceId id, Family family, bool ask) override {
    if (auto on = fate_.next(); !on) return on;
    tables.name_servers.at({id, family}) = ask;
    return {};
  }

  Result<std::vector<InterfaceAddress>> addresses() override {
    if (auto on = fate_.next(); !on) return std::unexpected(on.error());
    return tables.addresses;
  }

  Tables tables;

 private:
  static std::uint32_t automatic_metric(InterfaceId id) { return id == kWifi ? 45 : 25; }

  template <typename Value>
  static std::optional<Value> find(const std::map<Key, Value>& table, const Key& key) {
    const auto found = table.find(key);
    return found == table.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] RouteEntry entry(const Route& route, std::uint32_t metric) const {
    const Key key{route.interface_id, route.destination.address.family};
    return {.route = route,
            .index = static_cast<std::uint32_t>(route.interface_id),
            .metric = metric + tables.interfaces.at(key).metric,
            .source = {}};
  }

  [[nodiscard]] bool in_use(const Route& route) const {
    return route.destination.length > 0 ||
           tables.interfaces.at({route.interface_id, route.destination.address.family}).default_routes;
  }

  Fate& fate_;
};

// What stays on the disk.
class Journal final : public Undo {
 public:
  explicit Journal(Fate& fate) : fate_(fate) {}

  Result<void> remember(const Change& change) override {
    if (auto on = fate_.next(); !on) return on;
    changes.push_back(change);
    return {};
  }
  void forget(const Change& change) override {
    if (fate_.next()) std::erase(changes, change);
  }

  std::vector<Change> changes;

 private:
  Fate& fate_;
};

}  // namespace softlan::client::test
