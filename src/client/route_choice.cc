#include "client/route_choice.h"

#include <algorithm>

namespace softlan::client {

namespace {

using Family = IpAddress::Family;

const Prefix kLinkLocalV4{.address = {.family = Family::v4, .bytes = {169, 254}}, .length = 16};
const Prefix kLinkLocalV6{.address = {.family = Family::v6, .bytes = {0xfe, 0x80}}, .length = 10};
const IpAddress kBroadcast{.family = Family::v4, .bytes = {255, 255, 255, 255}};

bool is_better(const RouteEntry& a, const RouteEntry& b) {
  if (a.route.destination.length != b.route.destination.length)
    return a.route.destination.length > b.route.destination.length;
  return a.metric < b.metric;
}

// A network with neighbours in it.
std::optional<Prefix> neighbourhood(const InterfaceAddress& entry) {
  if (is_link_local(entry.address) || entry.prefix_length >= address_bits(entry.address.family)) return {};
  return network_of(entry.address, entry.prefix_length);
}

}  // namespace

bool is_link_local(const IpAddress& address) {
  return contains(kLinkLocalV4, address) || contains(kLinkLocalV6, address);
}

std::optional<RouteEntry> best_route(std::span<const RouteEntry> table, const IpAddress& to, InterfaceId tap,
                                     std::span<const Route> own) {
  std::optional<RouteEntry> best;
  for (const RouteEntry& entry : table) {
    if (entry.route.interface_id == tap || !contains(entry.route.destination, to)) continue;
    if (std::ranges::find(own, entry.route) != own.end()) continue;
    if (!best || is_better(entry, *best)) best = entry;
  }
  return best;
}

bool broadcasts_go_elsewhere(std::span<const RouteEntry> table, InterfaceId tap) {
  const auto metric_of = [&](bool on_tap) {
    std::optional<std::uint32_t> lowest;
    for (const RouteEntry& entry : table) {
      if ((entry.route.interface_id == tap) != on_tap || entry.route.destination != host_prefix(kBroadcast)) continue;
      lowest = std::min(lowest.value_or(entry.metric), entry.metric);
    }
    return lowest;
  };
  const auto here = metric_of(true);
  const auto elsewhere = metric_of(false);
  return here && elsewhere && *elsewhere <= *here;
}

std::optional<Prefix> shared_network(std::span<const InterfaceAddress> addresses, InterfaceId tap) {
  for (const InterfaceAddress& at_party : addresses) {
    const auto party = neighbourhood(at_party);
    if (at_party.interface_id != tap || !party) continue;
    for (const InterfaceAddress& other : addresses) {
      const auto home = neighbourhood(other);
      if (other.interface_id == tap || !home || !overlap(*party, *home)) continue;
      return party->length >= home->length ? party : home;
    }
  }
  return {};
}

}  // namespace softlan::client
