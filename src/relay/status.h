// What a relay can be asked about itself: a copy of its books at one moment, for people, programs and metrics.
//
// "in" is what came from a member, "out" what went to it. Bounded: details of at most `max_members` are copied, sums
// are over everybody. docs/status.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/ids.h"
#include "base/time.h"
#include "ctrl/messages.h"
#include "obs/snapshot.h"
#include "proto/mac.h"
#include "relay/relay.h"

namespace softlan::relay {

// Whole frames on one leg, as of the member's last word about them.
struct Compared {
  std::uint64_t sent = 0;
  std::uint64_t arrived = 0;  // may be ahead of `sent` by what overtook that word
};

// What a member says of itself beside its frames. Bounded, and no more than its word.
struct Told {
  static constexpr std::size_t kMaxDrops = 8;

  ctrl::Echoes echoes;          // to the relay
  ctrl::Echoes gateway_echoes;  // to its gateway
  Duration queue_delay{};
  std::uint32_t seats = 0;                                     // taken since it began
  std::vector<std::pair<std::string, std::uint64_t>> drops{};  // the most frequent, since it began
};

struct MemberStatus {
  PeerId peer{0};
  ctrl::Role role = ctrl::Role::client;
  std::string name;
  proto::Mac mac;
  SocketAddress address;
  Duration seated{};
  Duration rtt{};                       // of its leg
  std::optional<Duration> gateway_rtt;  // from member to gateway, as it says
  std::size_t budget = 0;               // bytes a datagram to it may hold
  std::uint64_t packets_lost = 0;       // on the way to it
  std::size_t queued_bytes = 0;
  Duration queue_delay{};
  obs::Rates rates;
  obs::Counters counters;  // frames as the relay decided on them, with the drops of its link
  std::optional<Compared> up;
  std::optional<Compared> down;
  std::optional<Told> told;
};

// Of all members that have told or shown one.
struct RttSummary {
  Duration median{};
  Duration worst{};
};

struct RoomStatus {
  std::string code;
  std::size_t clients = 0;
  bool has_gateway = false;
  std::size_t held_seats = 0;
  bool frame_log = false;
  RttSummary leg_rtt;
  RttSummary gateway_rtt;
  std::size_t queued_bytes = 0;
  Duration queue_delay{};          // the longest
  obs::Counters counters;          // of everyone who sits or sat here, with the drops of their links
  std::uint64_t packets_lost = 0;  // on the way to the same
  std::vector<MemberStatus> members;
  std::size_t not_listed = 0;  // members beyond `max_members`
};

struct RelayStatus {
  std::vector<RoomStatus> rooms;
  std::size_t waiting = 0;  // links without a seat
  std::size_t bans = 0;
  RejectCounts rejected{};
  std::uint64_t not_seated = 0;  // frames and echoes of links without a seat
};

// Of the room `only` (canonical), or of all when that is empty.
[[nodiscard]] RelayStatus status_of(TimePoint now, const Relay& relay, std::string_view only, std::size_t max_members);

// The members of `room` that `who` means: a MAC, a peer id as status shows it, else a name.
[[nodiscard]] std::vector<const Seat*> find_members(const Room& room, std::string_view who);
// The members of all rooms whom a ban would keep out.
[[nodiscard]] std::vector<const Seat*> find_banned(const Relay& relay, TimePoint now);

}  // namespace softlan::relay
