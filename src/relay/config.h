// What an operator can decide about a relay, and the defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "ctrl/messages.h"
#include "proto/budget.h"
#include "relay/guards.h"

namespace softlan::relay {

// Ceilings of one client and of a gateway, as told in welcome; 0 means no limit. docs/limits.md has the reasons,
// limits.h says how much may come at once.
inline constexpr ctrl::Limits kDefaultLimits{
    .broadcast_per_second = 40, .unknown_unicast_per_second = 200, .bytes_per_second = 0};
inline constexpr ctrl::Limits kDefaultGatewayLimits{
    .broadcast_per_second = 2000, .unknown_unicast_per_second = 0, .bytes_per_second = 0};

// What keeps a room's traffic within bounds; 0 means no limit.
struct LimitsConfig {
  ctrl::Limits client = kDefaultLimits;
  ctrl::Limits gateway = kDefaultGatewayLimits;
  std::uint32_t broadcast_kind_per_second = 20;  // frames of one client to one UDP port, or alike (storm_control.h)
  std::uint64_t room_bytes_per_second = 0;       // that the relay sends, every copy of a frame counted
  bool mss_clamp = true;                         // bulk TCP in frames that fit one datagram (traffic.h)
};

inline constexpr std::size_t kMaxSeats = 250;  // of one room, whatever its rules

// What holds in one room.
struct RoomRules {
  std::size_t max_seats = 64;  // its gateway included; at most kMaxSeats
  GuardConfig guards = {};
  LimitsConfig limits = {};
  TimePoint expires = kNever;  // nobody enters after that; who is in may stay
};

struct RelayConfig {
  std::size_t max_rooms = 256;
  RoomRules rules = {};                                          // of every room ...
  std::map<std::string, RoomRules, std::less<>> own_rules = {};  // ... but these, by canonical code
  std::size_t max_waiting = 1024;                                // links that have not said hello yet
  std::uint16_t room_mtu = proto::kDefaultRoomMtu;               // of the members' TAPs
  Duration hello_timeout = std::chrono::seconds(5);
  Duration seat_hold = std::chrono::seconds(60);  // for a member that lost its connection
  Duration keep_alive = std::chrono::seconds(5);  // told in welcome
  // Bad datagrams a link may send within the window before it is closed.
  std::uint32_t bad_datagram_limit = 100;
  Duration bad_datagram_window = std::chrono::seconds(10);
  Duration report_interval = std::chrono::seconds(60);  // between traffic lines in the log
  std::string software = "lanparty-relay";              // told in welcome

  [[nodiscard]] const RoomRules& rules_of(std::string_view code) const {
    const auto own = own_rules.find(code);
    return own == own_rules.end() ? rules : own->second;
  }
};

}  // namespace softlan::relay
