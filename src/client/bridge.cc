#include "client/bridge.h"

#include <algorithm>
#include <utility>

#include "proto/beacon.h"

namespace softlan::client {

namespace {

using obs::DropReason;

// Long enough for the kernel to report it: link changes are announced once a second at most (net/core/link_watch.c).
constexpr Duration kBounce = std::chrono::milliseconds(1100);

// Destination address of an IP packet, read without looking further into it.
std::optional<IpAddress> ip_destination(const proto::FrameView& frame) {
  IpAddress address;
  if (frame.ethertype == proto::ethertype::ipv4 && frame.payload.size() >= 20) {
    address.family = IpAddress::Family::v4;
    std::ranges::copy(frame.payload.subspan(16, 4), address.bytes.begin());
    return address;
  }
  if (frame.ethertype == proto::ethertype::ipv6 && frame.payload.size() >= 40) {
    address.family = IpAddress::Family::v6;
    std::ranges::copy(frame.payload.subspan(24, 16), address.bytes.begin());
    return address;
  }
  return std::nullopt;
}

}  // namespace

void Bridge::on_tap_frames(TimePoint now, std::span<FrameRef> frames) {
  for (FrameRef& frame : frames) {
    const auto view = proto::parse_frame(frame.bytes());
    DropReason reason = view ? judge_tap_frame(*view) : DropReason::runt;
    if (reason == DropReason::none && !session_->send_frame(now, std::move(frame))) reason = DropReason::not_seated;
    if (reason != DropReason::none) {
      counters_.in.drop(reason);
      continue;
    }
    ++counters_.in.frames;
    counters_.in.bytes += view->bytes.size();
  }
}

DropReason Bridge::judge_tap_frame(const proto::FrameView& frame) const {
  if (frame.source != mac_) return DropReason::forged_source;
  const auto& relay = session_->relay_address();
  if (relay && ip_destination(frame) == relay->ip) return DropReason::tunnel_in_tunnel;
  return DropReason::none;
}

void Bridge::on_frames(TimePoint, std::span<const link::Received> frames) {
  writing_.clear();
  for (const link::Received& received : frames) {
    const auto view = proto::parse_frame(received.frame.bytes());
    if (!view || view->source == mac_) {
      counters_.out.drop(view ? DropReason::reflected : DropReason::runt);
      continue;
    }
    counters_.out.bytes += received.frame.size();
    FrameRef named = proto::name_bearer(received.frame, *view, mac_);
    writing_.push_back(named ? std::move(named) : received.frame);
  }
  const std::size_t refused = writing_.empty() ? 0 : tap_.write(writing_);
  counters_.out.drop(DropReason::device_refused, refused);
  counters_.out.frames += writing_.size() - refused;
  writing_.clear();
}

void Bridge::on_seated(TimePoint, const ctrl::Welcome& welcome) {
  tap_.set_mtu(welcome.mtu);
  carrier_gone_ = kNever;
  named_gateway_ = carrier_ ? kRelayPeer : welcome.gateway;
  if (carrier_back_ == kNever) set_carrier(true);
}

void Bridge::on_unseated(TimePoint now) {
  carrier_gone_ = now + kSeatGrace;
  lose_gateway(now);
}

void Bridge::on_peer_joined(TimePoint now, const ctrl::PeerJoined& peer) {
  if (peer.role != ctrl::Role::gateway) return;
  const bool was_lost = gateway_lost_ != kNever && now - gateway_lost_ > kGatewayGrace;
  const bool known = gateway_ == peer.mac && !was_lost;
  gateway_ = peer.mac;
  gateway_lost_ = kNever;
  if (known || std::exchange(named_gateway_, kRelayPeer) == peer.peer) return;
  set_carrier(false);
  carrier_back_ = now + kBounce;
}

void Bridge::on_peer_left(TimePoint now, const ctrl::PeerJoined& peer) {
  if (gateway_ == peer.mac) lose_gateway(now);
}

void Bridge::lose_gateway(TimePoint now) {
  if (gateway_ && gateway_lost_ == kNever) gateway_lost_ = now;
}

void Bridge::set_carrier(bool on) {
  if (std::exchange(carrier_, on) != on) tap_.set_carrier(on);
}

void Bridge::on_deadline(TimePoint now) {
  if (now >= carrier_gone_) {
    carrier_gone_ = carrier_back_ = kNever;
    gateway_.reset();
    gateway_lost_ = kNever;
    set_carrier(false);
  }
  if (now >= carrier_back_) {
    carrier_back_ = kNever;
    set_carrier(true);
  }
}

}  // namespace softlan::client
