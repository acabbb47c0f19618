// What the kernel hands up of a LAN: a program for the gateway's packet socket, so that the LAN's private unicast costs
// the process nothing. Source: Documentation/networking/filter.rst.
//
// Let through: frames to a group or to everybody, to a member, or from one. A member is told by the last four bytes of
// its MAC, so a stranger passes now and then: whoever reads judges again. Never let through: what HostTap has given
// this machine, told by its tag, and what the socket itself has sent, told by its mark.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <vector>

#include "proto/mac.h"

namespace softlan::platform {

// On every frame of HostTap: a service tag of VLAN 0 with the highest priority and "drop eligible", which Linux takes
// off and otherwise ignores, and which no switch sends.
inline constexpr std::uint16_t kHostTapTagType = 0x88a8;
inline constexpr std::uint16_t kHostTapTag = 0xf000;

// On all that our packet socket sends. Linux does not show a socket what it sends itself, but for super-frames: when a
// card cannot cut them the kernel does, and forgets whose the segments are.
inline constexpr std::uint32_t kOwnMark = 0x736f'6674;

// About log2(n) + 16 steps for each of a frame's two MACs. The kernel takes programs of up to 4096 instructions: those
// of 1500 members.
[[nodiscard]] std::vector<sock_filter> member_filter(std::span<const proto::Mac> members);
// Everything but what is never let through.
[[nodiscard]] std::vector<sock_filter> open_filter();

}  // namespace softlan::platform
