// Which flow a frame belongs to, as one number: frames of one flow have the same, and others rarely.
//
// A flow is
//   TCP or UDP, not fragmented      addresses, ports, protocol; over IPv4 and IPv6, with up to two VLAN tags
//   fragments of one IP packet      addresses, identification, protocol: the first one has ports, the others have none
//   anything else                   both MAC addresses and the ethertype
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace softlan::proto {

// All 64 bits are mixed. Whoever does not know `salt` cannot choose flows that meet in the same place of a table.
[[nodiscard]] std::uint64_t flow_key(Bytes frame, std::uint64_t salt);

}  // namespace softlan::proto
