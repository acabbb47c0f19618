// What a relay on the open internet has to stand. Each attack runs in a process of its own until it is ended.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "support/bare_member.h"

namespace softlan::bench {

// junk        10,000 packets a second: noise, broken Initials, short packets for connections nobody has
// half-open   200 handshakes a second that are begun and never answered
// handshakes  200 handshakes a second that are finished, and closed at once
// joins       50 members that join another room in the same moment, and leave; once a second
// idle        200 members that join four rooms and stay: no attack, but what a connection takes in memory
// False when there is no attack of that name; else it does not return.
bool attack(const std::string& name, test::Ground& ground, const SocketAddress& relay);

// What a member of the benchmark goes by.
inline session::Config member(std::string room, std::uint16_t number, ctrl::Role role = ctrl::Role::client) {
  return {.role = role,
          .room = std::move(room),
          .mac = test::numbered_mac(number),
          .name = {},
          .software = "attack",
          .relay = {},
          .server_name = {}};
}

}  // namespace softlan::bench
