// Limits how often passes can be guessed, per source and per room, without locking out fifty players behind one NAT.
//
// Only wrong passes are charged, and a member that has been let into a room before is not limited there until it is
// wrong. So a storm of guesses at a room shuts out newcomers at most, for as long as it lasts.
//
//   a source   60 wrong passes at once, then one every 10 s     an IPv4 address or an IPv6 /64
//   a room    120 wrong passes at once, then one every 5 s      at most 17400 a day
//
// Bounded: 4096 sources, 1024 rooms, 1024 members; what was used longest ago is forgotten first. Under 2 MB when full.
// No I/O, no clock.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "auth/recent_map.h"
#include "base/address.h"
#include "base/time.h"
#include "base/token_bucket.h"

namespace softlan::auth {

// Whom limits count as one: who can have one IPv6 address can have its /64; an IPv4 address in IPv6 clothes is the IPv4
// address.
[[nodiscard]] IpAddress source_of(const IpAddress& ip);

class GuessLimit {
 public:
  using Identity = std::array<std::uint8_t, 32>;  // a member's key fingerprint

  static constexpr std::size_t kMaxSources = 4096;
  static constexpr std::size_t kMaxRooms = 1024;
  static constexpr std::size_t kMaxKnown = 1024;

  GuessLimit();

  // Whether a proof may be looked at now. To be asked right before that, so that all who ask have heard of all
  // failures. `room` in its canonical spelling, here and below; also of rooms that do not exist.
  [[nodiscard]] bool may_try(TimePoint now, const IpAddress& source, const std::string& room,
                             const Identity& identity) const;
  void on_failure(TimePoint now, const IpAddress& source, const std::string& room, const Identity& identity);
  void on_success(const std::string& room, const Identity& identity);

 private:
  using Member = std::pair<std::string, Identity>;
  struct Nothing {};

  RecentMap<IpAddress, TokenBucket> sources_;
  RecentMap<std::string, TokenBucket> rooms_;
  RecentMap<Member, Nothing> known_;
};

}  // namespace softlan::auth
