// The three questions the doctor asks on a LAN, as whole frames: who has an address, who gives addresses, who routes.
// None of them claims an address, takes a lease or changes what hosts know of each other.
#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "proto/mac.h"

namespace softlan::doctor {

using Frame = std::vector<std::uint8_t>;

// An ARP probe (RFC 5227): asks for an IPv4 address in nobody's name.
[[nodiscard]] Frame arp_probe(const proto::Mac& from, const IpAddress& address);
// DHCPDISCOVER with the broadcast flag (RFC 2131); nothing is ever requested.
[[nodiscard]] Frame dhcp_discover(const proto::Mac& from, std::uint32_t transaction);
// An IPv6 router solicitation from the unspecified address (RFC 4861).
[[nodiscard]] Frame router_solicitation(const proto::Mac& from);

}  // namespace softlan::doctor
