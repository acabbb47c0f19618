// The gateway's core: one switch port's worth of decisions between the party's LAN and the room.
//
// LAN to room: broadcasts and multicasts, within limits, and what is addressed to a member; the LAN's private unicast
// stays home. Room to LAN: frames whose source is the MAC the relay announced for their sender. CAM refresh: a small
// broadcast frame from each member's MAC, regularly, and at once when it joins or the switches forget, so that every
// switch knows a silent remote on this port. Loops: loop_watch.h; while there is one nothing is carried either way.
// No I/O, no clock. docs/gateway.md.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/frame_pool.h"
#include "base/time.h"
#include "gateway/frame_log.h"
#include "gateway/loop_watch.h"
#include "gateway/member_addresses.h"
#include "gateway/members.h"
#include "gateway/recent_frames.h"
#include "gateway/uplink_limits.h"
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
  // Whose frames the device has to hand up from now on; before a member is announced, and after one left.
  virtual void set_members(std::span<const proto::Mac> /*members*/) {}
};

struct BridgeConfig {
  Duration cam_refresh = std::chrono::seconds(5);  // zero: only at once
  bool log_frames = false;
  proto::Mac mac{};        // the gateway's own, for beacons; zero: send none
  auth::Key beacon_key{};  // random, of this process
  bool storm_control = true;
};

class Bridge final : public session::Member {
 public:
  // Borrowed, all of them; `log` hears of frames only when log_frames is set.
  Bridge(BridgeConfig config, FramePool& pool, LanPort& lan, obs::Log& log);

  // The session whose member this is, before anything else is called.
  void attach(session::Session& session) { session_ = &session; }

  // Frames from the LAN, already ordinary (proto/offload.h).
  void on_lan_frames(TimePoint now, std::span<FrameRef> frames);
  // The interface has a carrier (again).
  void on_lan_up(TimePoint now);
  // Frames the device or the pool lost before they could be seen.
  void on_lan_drops(obs::DropReason reason, std::size_t count) { counters_.in.drop(reason, count); }
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const {
    return std::min({next_refresh_, watch_.next_deadline(), members_.next_deadline()});
  }
  // Beacons handed to the session, which count as nobody's frames.
  [[nodiscard]] std::uint64_t beacons_to_room() const { return beacons_to_room_; }

  // session::Member
  void on_seated(TimePoint now, const ctrl::Welcome& welcome) override;
  void on_unseated(TimePoint now) override;
  void on_peer_joined(TimePoint now, const ctrl::PeerJoined& peer) override;
  void on_peer_left(TimePoint now, const ctrl::PeerJoined& peer) override;
  void on_frames(TimePoint now, std::span<const link::Received> frames) override;
  // `in` is what came from the LAN, `out` what went to it.
  [[nodiscard]] const obs::Counters& counters() const override { return counters_; }
  [[nodiscard]] std::optional<obs::Condition> trouble() const override;

 private:
  [[nodiscard]] obs::DropReason judge_lan_frame(TimePoint now, const proto::FrameView& frame);
  [[nodiscard]] obs::DropReason judge_beacon(TimePoint now, const proto::Beacon& beacon);
  [[nodiscard]] obs::DropReason judge_members_mac(TimePoint now, Player& member, const proto::FrameView& frame);
  [[nodiscard]] obs::DropReason judge_broadcast(TimePoint now, const proto::FrameView& frame);
  [[nodiscard]] obs::DropReason judge_member_frame(TimePoint now, PeerId sender, const proto::FrameView& frame);
  void on_member_loops(TimePoint now, Player& member);
  void on_loop_begins(const proto::Mac& bearer);
  void on_loop_gone(TimePoint now);
  void send_beacons(TimePoint now);
  void refresh(std::span<const proto::Mac> members);
  void refresh_all(TimePoint now);
  void refresh_soon(TimePoint now);
  void write(std::span<const FrameRef> frames);

  BridgeConfig config_;
  FramePool& pool_;
  LanPort& lan_;
  FrameLog frame_log_;
  session::Session* session_ = nullptr;
  obs::Counters counters_;
  Members members_;
  MemberAddresses addresses_;
  RecentFrames sent_;
  UplinkLimits limits_;
  LoopWatch watch_;
  bool other_gateway_told_ = false;
  std::uint64_t beacons_to_room_ = 0;
  TimePoint last_refresh_ = TimePoint::min();
  TimePoint next_refresh_ = kNever;
  std::vector<FrameRef> writing_;
};

}  // namespace softlan::gateway
