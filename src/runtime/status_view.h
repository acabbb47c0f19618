// The status of a member as some lines that stay on its terminal.
//
//   ● room PARTY1, as Ada                                                  up 12 min
//   ● Relay    relay.example.org:443 (203.0.113.10:443)          12.4 ms, 0.0 % lost
//   ● LAN      the gateway Hall is here                          21.0 ms, 0.0 % lost
//   ● Address  10.77.0.104/24
//     Card     lanparty0 (#12), 02:5e:10:00:00:0a, MTU 1500
//     Way      wlan0 (#3), from 192.168.1.7 by 192.168.1.1
//     Sent     2619 frames, 64/s 12.3 kB/s; a datagram holds 1442 bytes
//     Got      2611 frames, 66/s 9.9 kB/s
//     Drops    broadcast_limit 32, queue_late 1
//     Here     Hall (gateway), Bob, Cleo
//
// A pure function. Names of other members are anybody's text: no control characters leave here, and no line is wider
// than asked for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/member_report.h"

namespace softlan::runtime {

enum class Mood : std::uint8_t { plain, fine, waiting, wrong };

struct ViewLine {
  Mood mood = Mood::plain;
  std::string text;

  bool operator==(const ViewLine&) const = default;
};

// `width`: columns for the text, beside the sign of its mood. Loss is of the last minute.
[[nodiscard]] std::vector<ViewLine> status_view(const MemberReport& report, std::size_t width);

}  // namespace softlan::runtime
