// The little of DHCP that guards and doctor need (RFC 2131, RFC 8415).
#pragma once

#include <optional>

#include "base/address.h"
#include "proto/ethernet.h"

namespace softlan::proto {

// What only a server or a relay agent says: from UDP port 67 or to 68, with DHCPv6 from 547 or to 546. Clients do not
// look where an answer comes from, so the port it goes to counts as well.
[[nodiscard]] bool is_dhcp_server_message(const TransportView& packet);

struct DhcpLease {
  IpAddress address;
  Mac client;
};
// What a DHCPv4 server's ACK gives to whom. Empty for anything else, and for an ACK that gives no address.
[[nodiscard]] std::optional<DhcpLease> parse_dhcp_ack(const TransportView& packet);

struct DhcpOffer {
  IpAddress server;
  std::uint32_t transaction = 0;
};
// Which DHCPv4 server offers an address, by its identifier. Empty for anything else.
[[nodiscard]] std::optional<DhcpOffer> parse_dhcp_offer(const TransportView& packet);

}  // namespace softlan::proto
