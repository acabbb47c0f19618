#include "gateway/loop_watch.h"

#include <algorithm>

namespace softlan::gateway {
namespace {

using proto::BeaconWay;

bool shows_loop(BeaconWay way, const Beacons::Heard& heard) {
  if (way == BeaconWay::into_room || !heard.fresh) return true;
  const bool late = heard.age > LoopWatch::kReflectedWithin && heard.copies > 1;  // one may have waited for us
  return late || heard.copies >= LoopWatch::kReflections;
}

}  // namespace

void LoopWatch::begin(TimePoint now) { next_beacon_ = now; }

void LoopWatch::end() {
  loop_ = Loop::none;
  over_at_ = next_beacon_ = kNever;
}

LoopWatch::Finding LoopWatch::on_lan_beacon(TimePoint now, const proto::Beacon& beacon) {
  if (next_beacon_ == kNever || !looks_.take(now)) return Finding::nothing;
  const Beacons::Heard heard = beacons_.hear(now, beacon);
  if (!heard.ours) {
    return beacon.way == BeaconWay::onto_lan ? Finding::other_gateway : Finding::beacon_of_another_room;
  }
  const bool begins = loop_ == Loop::none;
  if (!shows_loop(beacon.way, heard) || (begins && !heard.fresh)) return Finding::nothing;
  over_at_ = now + kOverAfter;
  if (!begins) return Finding::nothing;
  loop_ = beacon.way == BeaconWay::onto_lan ? Loop::in_lan : Loop::through_room;
  return Finding::loop_begins;
}

bool LoopWatch::is_ours(TimePoint now, const proto::Beacon& beacon) {
  return next_beacon_ != kNever && looks_.take(now) && beacons_.hear(now, beacon).fresh;
}

void LoopWatch::ask(TimePoint now) {
  if (next_beacon_ == kNever) return;
  next_beacon_ = std::min(next_beacon_, std::max(now, last_beacon_ + kShortestInterval));
}

bool LoopWatch::take_turn(TimePoint now) {
  if (now < next_beacon_) return false;
  last_beacon_ = now;
  next_beacon_ = now + kInterval;
  return true;
}

bool LoopWatch::take_end_of_loop(TimePoint now) {
  if (now < over_at_) return false;
  loop_ = Loop::none;
  over_at_ = kNever;
  return true;
}

}  // namespace softlan::gateway
