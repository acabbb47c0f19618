// What an operator can decide about a relay, and the defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.h"
#include "ctrl/messages.h"
#include "proto/budget.h"

namespace softlan::relay {

// Limits of one client. Sized so that one Steam and one ARMA 2 server refresh (30 broadcasts at once) pass many times
// over, and that a gigabit LAN is not slowed down; limits.h says how much may come at once.
inline constexpr ctrl::Limits kDefaultLimits{
    .broadcast_per_second = 200, .unknown_unicast_per_second = 200, .bytes_per_second = 125'000'000};

struct RelayConfig {
  std::size_t max_rooms = 256;
  std::size_t max_seats = 64;                       // of one room, its gateway included
  std::size_t max_waiting = 1024;                   // links that have not said hello yet
  std::uint16_t room_mtu = proto::kDefaultRoomMtu;  // of the members' TAPs
  ctrl::Limits client_limits = kDefaultLimits;      // the gateway has none
  Duration hello_timeout = std::chrono::seconds(5);
  Duration seat_hold = std::chrono::seconds(60);  // for a member that lost its connection
  Duration keep_alive = std::chrono::seconds(5);  // told in welcome
  // Bad datagrams a link may send within the window before it is closed.
  std::uint32_t bad_datagram_limit = 100;
  Duration bad_datagram_window = std::chrono::seconds(10);
  Duration report_interval = std::chrono::seconds(60);  // between traffic lines in the log
  std::string software = "lanparty-relay";              // told in welcome
};

}  // namespace softlan::relay
