// What a player or an organiser is told: one short, exact sentence (two at most) for everything that can happen to a
// membership. The programs print them as status lines; the log has the details.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace softlan::obs {

enum class Condition : std::uint8_t {
  // on the way in
  resolving,
  connecting,
  waiting_for_welcome,
  // seated
  seated_with_gateway,     // a client, and the gateway is there
  seated_without_gateway,  // a client, and it is not
  seated_as_gateway,
  gateway_joined,
  gateway_left,
  member_joined,
  member_left,
  members_come_and_go,  // too many to name; `message` says how many
  // of a gateway: what is wrong with its LAN
  lan_loop,       // a cable loop
  room_loop,      // what goes into the room comes back on the LAN, through `member`
  loop_gone,      // either of them
  member_loops,   // `member` sends what the LAN sent back into the room
  member_on_lan,  // `member` is on this LAN with the same MAC
  other_gateway,
  // could not get in
  name_not_found,
  relay_unreachable,
  relay_untrusted,      // its certificate is not the pinned one, or out of date; `message` says which
  relay_name_mismatch,  // pinned, but for another name
  relay_not_softlan,    // no common ALPN
  no_datagrams,         // QUIC without DATAGRAM
  no_welcome,           // connected, and then silence
  rejected,             // `message` is the relay's sentence
  pass_needed,          // and none was given
  relay_unproven,       // it let us in without proving that it knows the pass; `message` says what it did instead
  // was in, and is not any more or perhaps
  relay_silent,  // still seated, but nothing is heard; a second connection is tried beside the first
  relay_heard,   // again, before the seat was lost
  relay_lost,
  relay_closed,         // it said goodbye; `message` says why when it said so
  relay_misunderstood,  // it sent a control message that makes no sense; `message` says which
  replaced,             // the same identity came back from elsewhere
  rejoining,
  left,
  count_  // not a condition: how many there are
};

// What the sentences may mention; an empty field is left out or paraphrased. All of it is made printable.
struct Details {
  std::string relay{};        // "relay.example.org:443", as the user wrote it
  std::string server_name{};  // the name the certificate must carry
  std::string room{};
  std::string member{};                // name or MAC of the other member
  std::string message{};               // what the other side or the machine said
  std::optional<Duration> retry_in{};  // when the next attempt begins; none: there is none
};

// The enumerator's own name, for logs.
[[nodiscard]] std::string_view to_string(Condition condition);
[[nodiscard]] std::string explain(Condition condition, const Details& details);

}  // namespace softlan::obs
