// What of a noisy LAN's broadcasts goes up to the room, so that mDNS, SSDP, NetBIOS and scans do not eat a home upload.
//
// Three limits, each with two seconds' worth at once; docs/limits.md has the reasons for the numbers. A question for a
// member's own address has an allowance of its own, since it has an answer and is no scan. One for each gateway: 34
// KiB, no allocation after construction.
#pragma once

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "egress/storm_control.h"
#include "obs/drop_reason.h"
#include "proto/ethernet.h"

namespace softlan::gateway {

class UplinkLimits {
 public:
  static constexpr std::uint32_t kOfOneKindAndHost = 50;  // frames a second, as below
  static constexpr std::uint32_t kOfOneKind = 200;
  static constexpr std::uint32_t kOfAll = 500;

  // When not `on`, everything passes.
  explicit UplinkLimits(bool on)
      : host_(on ? kOfOneKindAndHost : 0, 4096), kind_(on ? kOfOneKind : 0), all_(on ? kOfAll : 0, 2.0 * kOfAll) {}

  // Why a broadcast or multicast must not pass; `none` when it may, and is charged. `now` must not go backwards.
  // In this order, so that what one host is refused takes nothing from the others, and one kind nothing from the rest.
  [[nodiscard]] obs::DropReason take(TimePoint now, const proto::PacketView& packet) {
    if (!host_.take(now, egress::broadcast_kind_of_source(packet))) return obs::DropReason::storm_control;
    if (!kind_.take(now, egress::broadcast_kind(packet))) return obs::DropReason::storm_control;
    return all_.take(now) ? obs::DropReason::none : obs::DropReason::broadcast_limit;
  }
  // The same of a question for a member's `address`: each host may ask for each as often as for anything of one kind.
  [[nodiscard]] obs::DropReason take_question(TimePoint now, const proto::PacketView& packet,
                                              const IpAddress& address) {
    const std::uint64_t number = load_be64(address.bytes.data()) ^ load_be64(&address.bytes[8]);
    const bool passes = host_.take(now, egress::broadcast_kind_of_source(packet) ^ number);
    return passes ? obs::DropReason::none : obs::DropReason::storm_control;
  }

 private:
  egress::StormControl host_;
  egress::StormControl kind_;
  TokenBucket all_;
};

}  // namespace softlan::gateway
