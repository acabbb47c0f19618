// Control messages: what members and relay say to each other on the first bidirectional stream, as plain structs.
// docs/PROTOCOL.md, "Control messages", is normative. Encoding lives in codec.h, rules for the fields in validate.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "proto/mac.h"

namespace softlan::ctrl {

inline constexpr std::uint32_t kProtocolVersion = 1;

enum class Role : std::uint8_t { client, gateway };

// Optional abilities; each side lists what it can, unknown ones are ignored.
inline constexpr std::string_view kCapFragment = "fragment";
inline constexpr std::string_view kCapEcho = "echo";
inline constexpr std::string_view kCapFiller = "filler";

// The verifiers of a room's passes, from the gateway that founds it (auth/verifier.h); both empty when it does not.
struct Founding {
  std::string client{};
  std::string gateway{};

  [[nodiscard]] bool empty() const { return client.empty() && gateway.empty(); }
  bool operator==(const Founding&) const = default;
};

// First message of a member.
struct Hello {
  std::uint32_t protocol = kProtocolVersion;
  Role role = Role::client;
  std::string room{};
  proto::Mac mac{};
  std::string name{};      // display name, may be empty
  std::string software{};  // "lanparty-client 0.1.0"
  std::vector<std::string> capabilities{};
  std::uint32_t budget = 0;  // datagram bytes the member can send now
  PeerId previous{0};        // the seat it had before, 0 for none
  std::string scram{};       // client-first message of the proof of a pass (auth/scram_client.h); empty: no pass
  Founding found{};          // of a gateway that would found the room

  bool operator==(const Hello&) const = default;
};

// The relay's answer to a hello with a proof: the server-first message. Nothing of the room is told before the proof.
struct Challenge {
  std::string scram{};

  bool operator==(const Challenge&) const = default;
};

// The member's answer: the client-final message.
struct Proof {
  std::string scram{};

  bool operator==(const Proof&) const = default;
};

// What the relay allows one client; 0 means no limit.
struct Limits {
  std::uint32_t broadcast_per_second = 0;        // broadcast and multicast frames
  std::uint32_t unknown_unicast_per_second = 0;  // frames
  std::uint64_t bytes_per_second = 0;

  bool operator==(const Limits&) const = default;
};

struct Welcome {
  std::uint32_t protocol = kProtocolVersion;
  PeerId peer{0};
  std::uint16_t mtu = 0;  // of the members' TAPs, fixed for the room
  PeerId gateway{0};      // 0: not here yet
  Limits limits{};
  std::uint32_t keep_alive_ms = 0;
  std::string software{};
  std::vector<std::string> capabilities{};
  std::string scram{};  // server-final message: the relay's own proof; empty when none was asked for

  bool operator==(const Welcome&) const = default;
};

enum class RejectCode : std::uint8_t {
  version,        // protocol version not spoken here
  malformed,      // hello cannot be understood
  bad_room,       // room code does not match the expression
  room_not_open,  // nobody opened this room, or the pass is another one: which of them is not told (retryable)
  room_full,
  relay_full,     // no more rooms or members here
  gateway_taken,  // another gateway holds this room
  mac_taken,      // another member has this MAC
  bad_mac,        // MAC is not one a member may own
  pass_needed,    // nobody enters this relay's rooms without a pass
  not_allowed,    // identity or policy says no
};

inline constexpr std::size_t kRejectCodeCount = static_cast<std::size_t>(RejectCode::not_allowed) + 1;

// `message` is a sentence for the user; `retry` says whether trying again later can help.
struct Reject {
  RejectCode code = RejectCode::malformed;
  std::string message{};
  bool retry = false;

  bool operator==(const Reject&) const = default;
};

struct PeerJoined {
  PeerId peer{0};
  Role role = Role::client;
  proto::Mac mac{};
  std::string name{};

  bool operator==(const PeerJoined&) const = default;
};

struct PeerLeft {
  PeerId peer{0};
  std::string reason{};

  bool operator==(const PeerLeft&) const = default;
};

// Echoes of about the last minute; all zero: not known.
struct Echoes {
  std::uint32_t due = 0;   // that had their time
  std::uint32_t lost = 0;  // of them

  bool operator==(const Echoes&) const = default;
};

// Counters of a member since it was seated, sent every few seconds.
struct Stats {
  std::uint64_t frames_sent = 0, frames_received = 0;
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  std::uint64_t datagrams_sent = 0, datagrams_received = 0;
  std::vector<std::pair<std::string, std::uint64_t>> drops{};  // DropReason name and count, only those above zero
  std::uint32_t rtt_us = 0;                                    // this leg
  std::uint32_t gateway_rtt_us = 0;                            // member to gateway, 0 while unknown
  Echoes echoes{};                                             // to the relay
  Echoes gateway_echoes{};                                     // to the gateway
  std::uint32_t queue_us = 0;                                  // how long its oldest frame waits
  std::uint32_t seats = 0;                                     // it has taken since it began

  bool operator==(const Stats&) const = default;
};

// The sender's datagram budget has changed (bytes).
struct Budget {
  std::uint32_t bytes = 0;

  bool operator==(const Budget&) const = default;
};

// Goodbye, before the connection closes.
struct Disconnect {
  std::string reason{};

  bool operator==(const Disconnect&) const = default;
};

// A message of a type this version does not know: to be ignored.
struct Unknown {
  std::string type{};

  bool operator==(const Unknown&) const = default;
};

using Message =
    std::variant<Hello, Challenge, Proof, Welcome, Reject, PeerJoined, PeerLeft, Stats, Budget, Disconnect, Unknown>;

}  // namespace softlan::ctrl
