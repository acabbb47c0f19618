// ICMP and ICMPv6 messages that tell hosts who their routers and neighbours are (RFC 792, RFC 1256, RFC 4861).
#pragma once

#include <optional>

#include "base/address.h"
#include "proto/ethernet.h"

namespace softlan::proto {

// Router advertisements and redirects, of both IP versions.
[[nodiscard]] bool is_router_message(const TransportView& packet);
// Any message of IPv6 neighbour discovery; one in fragments is ignored by those who know RFC 6980.
[[nodiscard]] bool is_neighbour_discovery(const TransportView& packet);

// What a solicitation or advertisement of a neighbour or router says of its sender.
struct NeighbourView {
  IpAddress address;                     // the sender has it, or
  bool is_probe = false;                 // it asks whether anybody has it before taking it (RFC 4862, section 5.4)
  std::optional<Mac> link_address = {};  // where it says that it can be reached
  bool contradictory = false;            // it names more than one
};

// Empty for anything else, and for what every host ignores: fragments, options that do not add up, a hop limit other
// than 255 (RFC 4861, section 7.1).
[[nodiscard]] std::optional<NeighbourView> parse_neighbour(const TransportView& packet);
// Whose link-layer address a neighbour solicitation asks for; empty for anything else, as above.
[[nodiscard]] std::optional<IpAddress> solicited_address(const TransportView& packet);

}  // namespace softlan::proto
