// Offloads that make one super-frame of many UDP packets, and how to do without them on one interface.
//
// Before Linux 6.2 the kernel cannot describe such a super-frame to a packet socket with virtio-net headers: the read
// fails with EINVAL and the packets are lost. Source: ethtool(8), option -K; linux/ethtool.h; packet(7).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace softlan::platform {

// As uname(2) gives it: "6.1.0-18-amd64".
[[nodiscard]] std::string kernel_release();
[[nodiscard]] bool loses_udp_super_frames(std::string_view kernel_release);

// Those of the interface that are on and can be changed, by the names ethtool(8) has for them.
[[nodiscard]] std::vector<std::string> active_udp_offloads(const std::string& interface);
// Names the interface does not know are left out. Needs CAP_NET_ADMIN.
[[nodiscard]] Result<void> switch_offloads(const std::string& interface, std::span<const std::string> names, bool on);

}  // namespace softlan::platform
