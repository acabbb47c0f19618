// The gateway's core: one switch port's worth of decisions between the party's LAN and the room.
//
// LAN to room: broadcasts, multicasts and what is addressed to a member; the LAN's private unicast stays home. Room to
// LAN: frames whose source is the MAC the relay announced for their sender. CAM refresh: a small broadcast frame from
// each member's MAC, at once on join and then regularly, so that every switch knows a silent remote on this port.
// No I/O, no clock. docs/life-of-a-frame.md.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "base/frame_pool.h"
#include "base/time.h"
#include "gateway/frame_log.h"
#include "obs/counters.h"
#include "obs/log.h"
#include "proto/ethernet.h"
#include "session/session.h"

namespace softlan::gateway {

// The wired side.
class LanPort {
 public:
  virtual ~LanPort() = default;
  // Sends frames in order; answers how many the device would not take.
  virtual std::size_t write(std::span<const FrameRef> frames) = 0;
};

struct BridgeConfig {
  Duration cam_refresh = std::chrono::seconds(5);  // zero: only on join
  bool log_frames = false;
};

class Bridge final : public session::Member {
 public:
  // Borrowed, all of them; `log` hears of frames only when log_frames is set.
  Bridge(BridgeConfig config, FramePool& pool, LanPort& lan, obs::Log& log);

  // The session whose member this is, before anything else is called.
  void attach(session::Session& session) { session_ = &session; }

  // Frames from the LAN, already ordinary (proto/offload.h).
  void on_lan_frames(TimePoint now, std::span<FrameRef> frames);
  // Frames the device or the pool lost before they could be seen.
  void on_lan_drops(obs::DropReason reason, std::size_t count) { counters_.in.drop(reason, count); }
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return next_refresh_; }

  // session::Member
  void on_seated(TimePoint now, const ctrl::Welcome& welcome) override;
  void on_unseated(TimePoint now) override;
  void on_peer_joined(TimePoint now, const ctrl::PeerJoined& peer) override;
  void on_peer_left(TimePoint now, const ctrl::PeerJoined& peer) override;
  void on_frames(TimePoint now, std::span<const link::Received> frames) override;
  // `in` is what came from the LAN, `out` what went to it.
  [[nodiscard]] const obs::Counters& counters() const override { return counters_; }

 private:
  [[nodiscard]] obs::DropReason judge_lan_frame(const proto::FrameView& frame) const;
  [[nodiscard]] obs::DropReason judge_member_frame(PeerId sender, const proto::FrameView& frame) const;
  void refresh(std::span<const proto::Mac> members);
  void write(std::span<const FrameRef> frames);

  BridgeConfig config_;
  FramePool& pool_;
  LanPort& lan_;
  FrameLog frame_log_;
  session::Session* session_ = nullptr;
  obs::Counters counters_;
  std::unordered_map<proto::Mac, PeerId> members_;
  TimePoint next_refresh_ = kNever;
  std::vector<FrameRef> writing_;
};

}  // namespace softlan::gateway
