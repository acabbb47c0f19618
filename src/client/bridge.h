// The client's core: the player's virtual network card as one end of a cable.
//
// TAP to room: frames from the card's own MAC, except those to the relay itself, which would be the tunnel inside the
// tunnel. Room to TAP: everything that is not our own coming back; a gateway's beacon goes on with our name on it, so
// that the gateway knows who carried it when it comes home by another way.
//
// The carrier is up while the member has a seat, and is bounced when a gateway arrives, so that DHCP clients ask again.
// Short losses are not shown, so that connections inside the tunnel live on: a seat that is back within kSeatGrace, and
// the same gateway back within kGatewayGrace. No I/O, no clock. docs/life-of-a-frame.md.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/frame_pool.h"
#include "base/time.h"
#include "obs/counters.h"
#include "proto/ethernet.h"
#include "session/session.h"

namespace softlan::client {

// The virtual network card.
class TapPort {
 public:
  virtual ~TapPort() = default;
  // Hands frames to the machine's stack; answers how many it would not take.
  virtual std::size_t write(std::span<const FrameRef> frames) = 0;
  virtual void set_mtu(std::uint16_t mtu) = 0;
  virtual void set_carrier(bool on) = 0;
};

class Bridge final : public session::Member {
 public:
  static constexpr Duration kSeatGrace = std::chrono::seconds(5);
  static constexpr Duration kGatewayGrace = std::chrono::seconds(10);

  Bridge(proto::Mac mac, TapPort& tap) : mac_(mac), tap_(tap) {}

  // The session whose member this is, before anything else is called.
  void attach(session::Session& session) { session_ = &session; }

  void on_tap_frames(TimePoint now, std::span<FrameRef> frames);
  // Frames the device or the pool lost before they could be seen.
  void on_tap_drops(obs::DropReason reason, std::size_t count) { counters_.in.drop(reason, count); }
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return std::min(carrier_back_, carrier_gone_); }

  // session::Member
  void on_seated(TimePoint now, const ctrl::Welcome& welcome) override;
  void on_unseated(TimePoint now) override;
  void on_peer_joined(TimePoint now, const ctrl::PeerJoined& peer) override;
  void on_peer_left(TimePoint now, const ctrl::PeerJoined& peer) override;
  void on_frames(TimePoint now, std::span<const link::Received> frames) override;
  // `in` is what came from the TAP, `out` what went to it.
  [[nodiscard]] const obs::Counters& counters() const override { return counters_; }

 private:
  void set_carrier(bool on);
  void lose_gateway(TimePoint now);
  [[nodiscard]] obs::DropReason judge_tap_frame(const proto::FrameView& frame) const;

  proto::Mac mac_;
  TapPort& tap_;
  session::Session* session_ = nullptr;
  obs::Counters counters_;
  std::optional<proto::Mac> gateway_;  // whose LAN the carrier stands for
  TimePoint gateway_lost_ = kNever;    // when it went away; kNever while it is here
  PeerId named_gateway_ = kRelayPeer;  // by the welcome that raised the carrier
  bool carrier_ = false;
  TimePoint carrier_back_ = kNever;  // while a bounce is under way
  TimePoint carrier_gone_ = kNever;  // while a lost seat may still come back
  std::vector<FrameRef> writing_;
};

}  // namespace softlan::client
