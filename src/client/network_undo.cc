#include "client/network_undo.h"

#include <sstream>

#include "base/text.h"

namespace softlan::client {

namespace {

using Family = IpAddress::Family;

const char* name_of(Family family) { return family == Family::v6 ? "v6" : "v4"; }

// What a change was made to, read from its target.
struct Target {
  std::string what;
  Family family = Family::none;
  InterfaceId interface_id = 0;
};

std::optional<Target> read_target(const Change& change) {
  std::istringstream words(change.target);
  Target target;
  std::string family;
  if (change.kind != kNetworkChange || !(words >> target.what >> family >> target.interface_id)) return {};
  if (family != "v4" && family != "v6") return {};
  target.family = family == "v4" ? Family::v4 : Family::v6;
  return target;
}

std::optional<InterfaceSettings> read_settings(const std::string& text) {
  std::istringstream words(text);
  InterfaceSettings settings;
  std::string metric;
  std::string default_routes;
  if (!(words >> metric >> settings.metric >> settings.mtu >> default_routes)) return {};
  settings.automatic_metric = metric == "automatic";
  settings.default_routes = default_routes == "default-routes";
  return settings;
}

Result<void> put_back_interface(NetworkSettings& network, const Target& target, const InterfaceSettings& before) {
  const auto now = network.interface_settings(target.interface_id, target.family);
  if (!now) return std::unexpected(now.error());
  if (!*now || **now == before) return {};
  return network.set_interface_settings(target.interface_id, target.family, before);
}

Result<void> put_back_name_servers(NetworkSettings& network, const Target& target, bool before) {
  const auto now = network.asks_name_servers(target.interface_id, target.family);
  if (!now) return std::unexpected(now.error());
  if (!*now || **now == before) return {};
  return network.ask_name_servers(target.interface_id, target.family, before);
}

}  // namespace

Change added_route(const Route& route) {
  return {.kind = kNetworkChange,
          .target = fmt::format("route {} {} {}", to_string(route.destination), to_string(route.next_hop),
                                route.interface_id),
          .before = "none"};
}

Change changed_interface(InterfaceId interface_id, Family family, const InterfaceSettings& before) {
  return {.kind = kNetworkChange,
          .target = fmt::format("interface {} {}", name_of(family), interface_id),
          .before = fmt::format("{} {} {} {}", before.automatic_metric ? "automatic" : "fixed", before.metric,
                                before.mtu, before.default_routes ? "default-routes" : "no-default-routes")};
}

Change changed_name_servers(InterfaceId interface_id, Family family, bool before) {
  return {.kind = kNetworkChange,
          .target = fmt::format("name-servers {} {}", name_of(family), interface_id),
          .before = before ? "asked" : "not-asked"};
}

std::optional<Route> route_of(const Change& change) {
  std::istringstream words(change.target);
  std::string what;
  std::string destination;
  std::string next_hop;
  InterfaceId interface_id = 0;
  if (change.kind != kNetworkChange || !(words >> what >> destination >> next_hop >> interface_id)) return {};
  const auto prefix = parse_prefix(destination);
  const auto hop = parse_ip(next_hop);
  if (what != "route" || !prefix || !hop) return {};
  return Route{.destination = *prefix, .next_hop = *hop, .interface_id = interface_id};
}

Result<void> put_back(NetworkSettings& network, const Change& change) {
  if (const auto route = route_of(change)) return network.remove_route(*route);
  if (const auto target = read_target(change)) {
    if (target->what == "name-servers") return put_back_name_servers(network, *target, change.before == "asked");
    if (const auto before = read_settings(change.before); before && target->what == "interface")
      return put_back_interface(network, *target, *before);
  }
  return fail("what was changed cannot be read: {}", printable(change.target));
}

}  // namespace softlan::client
