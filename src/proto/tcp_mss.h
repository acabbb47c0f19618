// The maximum segment size that a TCP SYN or SYN-ACK announces (RFC 9293, section 3.7.1), and how to change it.
//
// A host sends nobody larger segments than that peer announced, so whoever lowers the announcement on its way chooses
// how large the frames of a connection become. No copy, no allocation, never a byte past the end.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "proto/ethernet.h"

namespace softlan::proto {

// The announcement of one SYN, and where it stands, in bytes from the frame's start.
struct TcpMss {
  std::uint16_t value = 0;
  // Frame bytes around that much data: Ethernet header, the SYN's VLAN tags, fixed IP and TCP headers. Options come out
  // of the data's bytes: the sending host subtracts them (RFC 6691).
  std::size_t overhead = 0;
  std::size_t value_at = 0;
  std::size_t checksum_at = 0;
};

// Empty unless the packet is a SYN over IPv4 or IPv6, in one fragment, with an MSS option.
[[nodiscard]] std::optional<TcpMss> find_tcp_mss(const PacketView& packet);

// Writes another value into the frame where `mss` was found. A right checksum stays right, a wrong one wrong (RFC
// 1624).
void set_tcp_mss(MutableBytes frame, const TcpMss& mss, std::uint16_t value);

}  // namespace softlan::proto
