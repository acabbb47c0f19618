// This machine as one more host at the party: gives frames to its own stack as if they had come in by the interface.
//
//   room -> write() -> TAP "lanparty-host0" -> its ingress, redirected -> ingress of the interface -> services here
//
// Needed because what a packet socket sends never reaches the machine it runs on. The interface itself stays as it is;
// TAP and redirection vanish with the process, however it ends. The TAP has no carrier, so this machine neither uses
// nor configures it, and the interface's MAC, so the kernel tells what is for this machine as it does on the interface.
// Every frame carries a tag by which our own packet socket knows not to read it again (lan_filter.h).
// Needs CAP_NET_ADMIN. Source: tc-mirred(8), tc-u32(8), __netif_receive_skb_core() of net/core/dev.c.
#pragma once

#include <cstddef>
#include <span>

#include "base/frame_pool.h"
#include "base/result.h"
#include "platform/linux/ethernet_link.h"
#include "platform/linux/tap.h"

namespace softlan::platform {

class HostTap {
 public:
  // The error says why this machine stays out of reach, and what to do.
  [[nodiscard]] static Result<HostTap> open(const EthernetLink& interface);

  // Frames for this machine, in order; answers how many it would not take.
  [[nodiscard]] std::size_t write(std::span<const FrameRef> frames) { return tap_.write(frames); }

 private:
  explicit HostTap(Tap tap) : tap_(std::move(tap)) {}
  Tap tap_;
};

}  // namespace softlan::platform
