#include "runtime/machine_facts_linux.h"

#include "platform/linux/ethernet_link.h"
#include "platform/linux/interface.h"
#include "platform/linux/network_card.h"
#include "platform/routes.h"
#include "platform/system_name.h"

namespace softlan::runtime {

namespace {

std::optional<CardFacts> look_at_card(const std::string& interface) {
  const auto link = platform::ethernet_link(platform::look_at_card(interface).index);
  if (!link) return std::nullopt;
  CardFacts card{.name = interface,
                 .index = static_cast<std::uint32_t>(link->index),
                 .mac = link->mac,
                 .mtu = link->mtu,
                 .addresses = std::vector<std::string>()};
  if (auto address = platform::ipv4_address(interface)) card.addresses->push_back(*std::move(address));
  return card;
}

std::optional<WayFacts> look_at_way(const IpAddress& relay, std::optional<std::uint32_t> own_card) {
  const auto route = platform::best_route(relay, static_cast<int>(own_card.value_or(0)));
  if (!route) return std::nullopt;
  WayFacts way{.interface = route->interface_name,
               .index = static_cast<std::uint32_t>(route->index),
               .next_hop = route->gateway};
  if (route->source.family != IpAddress::Family::none) way.source = route->source;
  return way;
}

}  // namespace

MachineFacts look_at_machine(const std::string& interface, const std::optional<SocketAddress>& relay) {
  static const std::string system = platform::system_name();  // which does not change while it runs
  MachineFacts facts{.system = system, .card = look_at_card(interface)};
  if (relay) facts.way = look_at_way(relay->ip, facts.card ? facts.card->index : std::nullopt);
  return facts;
}

}  // namespace softlan::runtime
