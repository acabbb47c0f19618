#include "gateway/bridge.h"

#include <algorithm>
#include <utility>

#include "proto/beacon.h"
#include "proto/spanning_tree.h"

namespace softlan::gateway {

namespace {

using obs::DropReason;

constexpr Duration kShortestRefresh = std::chrono::seconds(1);
constexpr Duration kPortSettles = std::chrono::seconds(2);  // until the switch takes frames from it

}  // namespace

Bridge::Bridge(BridgeConfig config, FramePool& pool, LanPort& lan, obs::Log& log)
    : config_(config),
      pool_(pool),
      lan_(lan),
      frame_log_(config.log_frames ? &log : nullptr),
      limits_(config.storm_control),
      watch_(config.beacon_key) {}

void Bridge::on_lan_frames(TimePoint now, std::span<FrameRef> frames) {
  for (FrameRef& frame : frames) {
    const auto view = proto::parse_frame(frame.bytes());
    DropReason reason = view ? judge_lan_frame(now, *view) : DropReason::runt;
    if (reason == DropReason::none && !session_->send_frame(now, frame)) reason = DropReason::not_seated;
    if (view) frame_log_.write(FrameLog::Direction::lan_to_room, kRelayPeer, *view, reason);
    if (reason != DropReason::none) {
      counters_.in.drop(reason);
      continue;
    }
    ++counters_.in.frames;
    counters_.in.bytes += view->bytes.size();
  }
}

DropReason Bridge::judge_lan_frame(TimePoint now, const proto::FrameView& frame) {
  if (frame.source.is_multicast() || frame.source.is_zero()) return DropReason::invalid_source;
  if (const auto beacon = proto::parse_beacon(frame)) return judge_beacon(now, *beacon);
  if (proto::is_refresh(frame)) return DropReason::beacon;
  if (proto::is_switch_control(frame)) {
    if (proto::announces_topology_change(frame)) refresh_soon(now);
    return DropReason::switch_control;
  }
  if (watch_.loop() != Loop::none) return DropReason::loop;
  if (Player* member = members_.find(frame.source)) return judge_members_mac(now, *member, frame);
  if (frame.destination.is_multicast()) return judge_broadcast(now, frame);
  return members_.contains(frame.destination) ? DropReason::none : DropReason::not_for_members;
}

// Only another room's beacon goes on: through us it may find its way home.
DropReason Bridge::judge_beacon(TimePoint now, const proto::Beacon& beacon) {
  const auto finding = watch_.on_lan_beacon(now, beacon);
  if (finding == LoopWatch::Finding::loop_begins) on_loop_begins(beacon.bearer);
  if (finding == LoopWatch::Finding::other_gateway && !std::exchange(other_gateway_told_, true)) {
    session_->report(obs::Condition::other_gateway);
  }
  return finding == LoopWatch::Finding::beacon_of_another_room ? DropReason::none : DropReason::beacon;
}

DropReason Bridge::judge_members_mac(TimePoint now, Player& member, const proto::FrameView& frame) {
  if (sent_.contains(now, frame.bytes)) return DropReason::reflected;
  members_.on_seen_on_lan(now, member);
  watch_.ask(now);
  return DropReason::member_on_lan;
}

DropReason Bridge::judge_broadcast(TimePoint now, const proto::FrameView& frame) {
  const auto packet = proto::parse_packet(frame.bytes);
  if (!packet) return DropReason::runt;
  const auto asked = addresses_.asked_for(*packet);
  const DropReason reason = asked ? limits_.take_question(now, *packet, *asked) : limits_.take(now, *packet);
  if (reason != DropReason::none) watch_.ask(now);  // a storm may be a loop
  return reason;
}

void Bridge::on_frames(TimePoint now, std::span<const link::Received> frames) {
  writing_.clear();
  for (const link::Received& received : frames) {
    const auto view = proto::parse_frame(received.frame.bytes());
    const DropReason reason = view ? judge_member_frame(now, received.sender, *view) : DropReason::runt;
    if (view) frame_log_.write(FrameLog::Direction::room_to_lan, received.sender, *view, reason);
    if (reason == DropReason::none) {
      sent_.add(now, view->bytes);
      writing_.push_back(received.frame);
    } else {
      counters_.out.drop(reason);
    }
  }
  write(writing_);
  writing_.clear();
}

DropReason Bridge::judge_member_frame(TimePoint now, PeerId sender, const proto::FrameView& frame) {
  Player* member = members_.find(frame.source);
  if (!member || member->peer != sender) return DropReason::forged_source;
  if (frame.ethertype == proto::ethertype::softlan) {
    const auto beacon = proto::parse_beacon(frame);
    if (beacon && watch_.is_ours(now, *beacon)) on_member_loops(now, *member);
    return DropReason::beacon;
  }
  if (watch_.loop() != Loop::none || now < member->loops_until) return DropReason::loop;
  addresses_.learn(frame);
  return DropReason::none;
}

void Bridge::on_member_loops(TimePoint now, Player& member) {
  const bool known = now < member.loops_until;
  member.loops_until = now + LoopWatch::kOverAfter;
  if (!known) session_->report(obs::Condition::member_loops, member.peer);
}

void Bridge::write(std::span<const FrameRef> frames) {
  if (frames.empty()) return;
  const std::size_t refused = lan_.write(frames);
  counters_.out.drop(DropReason::device_refused, refused);
  counters_.out.frames += frames.size() - refused;
  for (const FrameRef& frame : frames) counters_.out.bytes += frame.size();
}

void Bridge::on_seated(TimePoint now, const ctrl::Welcome&) {
  members_.clear();
  addresses_.clear();
  lan_.set_members({});
  next_refresh_ = config_.cam_refresh > Duration::zero() ? now + config_.cam_refresh : kNever;
  if (proto::may_own(config_.mac)) watch_.begin(now);
}

void Bridge::on_unseated(TimePoint) {
  members_.clear();
  addresses_.clear();
  lan_.set_members({});
  next_refresh_ = kNever;
  watch_.end();
}

void Bridge::on_peer_joined(TimePoint now, const ctrl::PeerJoined& peer) {
  if (peer.role == ctrl::Role::client) {
    members_.add(peer.mac, peer.peer);
  } else {
    members_.remove(peer.peer);
  }
  lan_.set_members(members_.macs());
  if (peer.role != ctrl::Role::client) return;
  refresh({&peer.mac, 1});
  watch_.ask(now);
}

void Bridge::on_peer_left(TimePoint, const ctrl::PeerJoined& peer) {
  members_.remove(peer.peer);
  addresses_.forget(peer.mac);
  lan_.set_members(members_.macs());
}

void Bridge::on_lan_up(TimePoint now) {
  if (!session_->seated()) return;
  refresh_all(now);
  next_refresh_ = std::min(next_refresh_, now + kPortSettles);
  watch_.ask(now);
}

void Bridge::on_deadline(TimePoint now) {
  if (watch_.take_turn(now)) send_beacons(now);
  if (watch_.take_end_of_loop(now)) on_loop_gone(now);
  while (const auto peer = members_.take_certain(now)) session_->report(obs::Condition::member_on_lan, *peer);
  if (now >= next_refresh_) refresh_all(now);
}

void Bridge::send_beacons(TimePoint now) {
  using enum proto::BeaconWay;
  if (FrameRef frame = proto::make_beacon(pool_, config_.mac, watch_.make(now, onto_lan))) {
    (void)lan_.write({&frame, 1});
  }
  FrameRef frame = proto::make_beacon(pool_, config_.mac, watch_.make(now, into_room));
  if (frame && session_->send_frame(now, std::move(frame))) ++beacons_to_room_;
}

void Bridge::on_loop_begins(const proto::Mac& bearer) {
  members_.forget_doubts();
  const Player* player = members_.find(bearer);
  session_->report(*trouble(), player ? player->peer : kRelayPeer);
}

void Bridge::on_loop_gone(TimePoint now) {
  session_->report(obs::Condition::loop_gone);
  refresh_all(now);
}

std::optional<obs::Condition> Bridge::trouble() const {
  switch (watch_.loop()) {
    case Loop::in_lan:
      return obs::Condition::lan_loop;
    case Loop::through_room:
      return obs::Condition::room_loop;
    case Loop::none:
      break;
  }
  return {};
}

void Bridge::refresh_all(TimePoint now) {
  last_refresh_ = now;
  next_refresh_ = config_.cam_refresh > Duration::zero() ? now + config_.cam_refresh : kNever;
  refresh(members_.absent_from_lan(now));
}

// The switches are about to forget our members, perhaps several times in a row.
void Bridge::refresh_soon(TimePoint now) {
  if (!session_->seated()) return;
  next_refresh_ = std::min(next_refresh_, std::max(now, last_refresh_ + kShortestRefresh));
}

void Bridge::refresh(std::span<const proto::Mac> members) {
  if (watch_.loop() != Loop::none) return;
  writing_.clear();
  for (const proto::Mac& member : members) {
    if (FrameRef frame = proto::make_refresh(pool_, member)) writing_.push_back(std::move(frame));
  }
  if (!writing_.empty()) (void)lan_.write(writing_);
  writing_.clear();
}

}  // namespace softlan::gateway
