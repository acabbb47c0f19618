#include "gateway/bridge.h"

#include <algorithm>
#include <utility>

namespace softlan::gateway {

namespace {

using obs::DropReason;

constexpr std::size_t kShortestWireFrame = 60;  // IEEE 802.3, without the FCS
const proto::Mac kBroadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

FrameRef refresh_frame(FramePool& pool, const proto::Mac& member) {
  FrameRef frame = pool.acquire(kShortestWireFrame);
  if (!frame) return frame;
  const MutableBytes bytes = frame.mutable_bytes();
  std::ranges::fill(bytes, std::uint8_t{0});
  kBroadcast.store(&bytes[0]);
  member.store(&bytes[6]);
  store_be16(&bytes[12], proto::ethertype::softlan);
  return frame;
}

}  // namespace

Bridge::Bridge(BridgeConfig config, FramePool& pool, LanPort& lan, obs::Log& log)
    : config_(config), pool_(pool), lan_(lan), frame_log_(config.log_frames ? &log : nullptr) {}

void Bridge::on_lan_frames(TimePoint now, std::span<FrameRef> frames) {
  for (FrameRef& frame : frames) {
    const auto view = proto::parse_frame(frame.bytes());
    DropReason reason = view ? judge_lan_frame(*view) : DropReason::runt;
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

DropReason Bridge::judge_lan_frame(const proto::FrameView& frame) const {
  if (frame.source.is_multicast() || frame.source.is_zero()) return DropReason::invalid_source;
  if (members_.contains(frame.source)) return DropReason::reflected;
  if (proto::is_switch_control(frame)) return DropReason::switch_control;
  if (frame.ethertype == proto::ethertype::softlan) return DropReason::not_for_members;
  if (frame.destination.is_multicast() || members_.contains(frame.destination)) return DropReason::none;
  return DropReason::not_for_members;
}

void Bridge::on_frames(TimePoint, std::span<const link::Received> frames) {
  writing_.clear();
  for (const link::Received& received : frames) {
    const auto view = proto::parse_frame(received.frame.bytes());
    const DropReason reason = view ? judge_member_frame(received.sender, *view) : DropReason::runt;
    if (view) frame_log_.write(FrameLog::Direction::room_to_lan, received.sender, *view, reason);
    if (reason == DropReason::none) {
      writing_.push_back(received.frame);
    } else {
      counters_.out.drop(reason);
    }
  }
  write(writing_);
  writing_.clear();
}

DropReason Bridge::judge_member_frame(PeerId sender, const proto::FrameView& frame) const {
  const auto owner = members_.find(frame.source);
  return owner != members_.end() && owner->second == sender ? DropReason::none : DropReason::forged_source;
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
  next_refresh_ = config_.cam_refresh > Duration::zero() ? now + config_.cam_refresh : kNever;
}

void Bridge::on_unseated(TimePoint) {
  members_.clear();
  next_refresh_ = kNever;
}

void Bridge::on_peer_joined(TimePoint, const ctrl::PeerJoined& peer) {
  std::erase_if(members_, [&](const auto& member) { return member.second == peer.peer; });
  if (peer.role != ctrl::Role::client) return;
  members_[peer.mac] = peer.peer;
  refresh({&peer.mac, 1});
}

void Bridge::on_peer_left(TimePoint, const ctrl::PeerJoined& peer) {
  const auto member = members_.find(peer.mac);
  if (member != members_.end() && member->second == peer.peer) members_.erase(member);
}

void Bridge::on_deadline(TimePoint now) {
  if (now < next_refresh_) return;
  next_refresh_ = now + config_.cam_refresh;
  std::vector<proto::Mac> members;
  for (const auto& [mac, peer] : members_) members.push_back(mac);
  refresh(members);
}

void Bridge::refresh(std::span<const proto::Mac> members) {
  writing_.clear();
  for (const proto::Mac& member : members) {
    if (FrameRef frame = refresh_frame(pool_, member)) writing_.push_back(std::move(frame));
  }
  if (!writing_.empty()) (void)lan_.write(writing_);
  writing_.clear();
}

}  // namespace softlan::gateway
