// IGMP and MLD: how hosts tell routers and snooping switches which multicast groups they want (RFC 1112, 2236, 3376;
// RFC 2710, 3810).
#pragma once

#include "proto/ethernet.h"

namespace softlan::proto {

// A report or leave of any version. Another host that hears one of the older versions keeps its own back (report
// suppression), so switches forward them to routers only (RFC 4541, section 2.1.1).
[[nodiscard]] bool is_group_report(const TransportView& packet);
// What only a router says: a query.
[[nodiscard]] bool is_group_query(const TransportView& packet);

}  // namespace softlan::proto
