// Finds loops through the gateway's port, and knows when they are gone.
//
// A beacon goes onto the LAN and another into the room, every two seconds and whenever something looks odd. No beacon
// of ours has a reason to come back, but for one:
//
//   heard on the LAN          means
//   room beacon               a player's PC carries the room back to this LAN
//   LAN beacon, many or late  the LAN has a loop of its own
//   LAN beacon, one or few    a virtual switch reflects what we send: no loop
//   LAN beacon of another     a second gateway is here
//   room beacon of another    its loop may go through us: to be carried on, so that it finds out
//
//   open ----- a fresh beacon shows a loop -----> stopped
//     ^                                              |  every beacon that shows it, old ones too, begins the wait anew
//     +--- seven seconds without such a beacon ------+
//
// The proofs of at most fifty beacons a second are looked at. No I/O, no allocation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "auth/scram_keys.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "gateway/beacons.h"

namespace softlan::gateway {

enum class Loop : std::uint8_t { none, in_lan, through_room };

class LoopWatch {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(2);
  static constexpr Duration kShortestInterval = std::chrono::milliseconds(500);
  static constexpr Duration kOverAfter = std::chrono::seconds(7);  // three beacons
  static constexpr unsigned kReflections = 8;                      // of one beacon, by virtual switches
  static constexpr Duration kReflectedWithin = std::chrono::seconds(1);
  static constexpr double kLooksPerSecond = 50;

  explicit LoopWatch(const auth::Key& key) : beacons_(key) {}

  void begin(TimePoint now);
  // Forgets what was found.
  void end();

  enum class Finding : std::uint8_t { nothing, loop_begins, other_gateway, beacon_of_another_room };
  [[nodiscard]] Finding on_lan_beacon(TimePoint now, const proto::Beacon& beacon);
  // Whether a beacon from a member is ours, so that this member carries the LAN back to us.
  [[nodiscard]] bool is_ours(TimePoint now, const proto::Beacon& beacon);
  // Something looks odd: beacons soon, while there is a watch.
  void ask(TimePoint now);

  [[nodiscard]] Loop loop() const { return loop_; }
  [[nodiscard]] TimePoint next_deadline() const { return std::min(next_beacon_, over_at_); }
  // True when beacons are to be sent now.
  [[nodiscard]] bool take_turn(TimePoint now);
  [[nodiscard]] proto::Beacon make(TimePoint now, proto::BeaconWay way) { return beacons_.make(now, way); }
  // True once when the loop is gone.
  [[nodiscard]] bool take_end_of_loop(TimePoint now);

 private:
  Beacons beacons_;
  TokenBucket looks_{kLooksPerSecond, kLooksPerSecond};
  Loop loop_ = Loop::none;
  TimePoint over_at_ = kNever;
  TimePoint next_beacon_ = kNever;
  TimePoint last_beacon_ = TimePoint::min();
};

}  // namespace softlan::gateway
