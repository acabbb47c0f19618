// The clients of the room as the gateway knows them: which MAC belongs to whom, and what looked odd about it.
//
// A member's MAC as source on the LAN is a reflection when we sent that very frame a moment ago, part of a loop when
// beacons come back too, and otherwise a PC that is on the LAN itself: which of the two is known a second later.
#pragma once

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "proto/mac.h"

namespace softlan::gateway {

struct Player {
  PeerId peer{0};
  TimePoint on_lan_until = TimePoint::min();  // seen there lately, not as a reflection
  TimePoint tell_at = kNever;                 // that it is on the LAN, unless a loop explains it
  bool told = false;
  TimePoint loops_until = TimePoint::min();  // it sends our own beacons back to us
};

class Members {
 public:
  static constexpr Duration kSeenOnLan = std::chrono::seconds(30);
  static constexpr Duration kDoubt = std::chrono::seconds(1);  // by then a beacon has been round

  // The member takes the place of whoever had its peer id or its MAC.
  void add(const proto::Mac& mac, PeerId peer);
  void remove(PeerId peer);
  void clear();
  [[nodiscard]] Player* find(const proto::Mac& mac);
  [[nodiscard]] bool contains(const proto::Mac& mac) const { return members_.contains(mac); }
  [[nodiscard]] std::vector<proto::Mac> macs() const;
  // Those the switches should keep on our port: all but those that are on the LAN themselves.
  [[nodiscard]] std::vector<proto::Mac> absent_from_lan(TimePoint now) const;

  void on_seen_on_lan(TimePoint now, Player& member);
  // A loop explains what was seen.
  void forget_doubts();
  [[nodiscard]] TimePoint next_deadline() const { return doubts_end_; }
  // The next member, if there is one, whose doubt has turned into certainty: to be told once.
  [[nodiscard]] std::optional<PeerId> take_certain(TimePoint now);

 private:
  std::unordered_map<proto::Mac, Player> members_;
  TimePoint doubts_end_ = kNever;  // not later than any member's tell_at
};

}  // namespace softlan::gateway
