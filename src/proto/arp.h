// ARP for IPv4 over Ethernet (RFC 826).
#pragma once

#include <optional>

#include "base/address.h"
#include "proto/ethernet.h"

namespace softlan::proto {

struct ArpView {
  Mac sender_mac;
  IpAddress sender;  // 0.0.0.0 in a probe (RFC 5227)
  IpAddress target;
};

// Empty when it is not ARP, of other address families, or cut short.
[[nodiscard]] std::optional<ArpView> parse_arp(const FrameView& frame);

}  // namespace softlan::proto
