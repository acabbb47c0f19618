#include "session/status.h"

#include "session/session.h"

namespace softlan::session {

Duration Session::queue_delay(TimePoint now) const {
  if (!link_) return {};
  const TimePoint since = link_->stats().queued_since;
  return since == kNever ? Duration::zero() : now - since;
}

Status Session::status(TimePoint now) const {
  Status status{.role = config_.role,
                .room = config_.room,
                .name = config_.name,
                .mac = config_.mac,
                .relay = config_.relay,
                .relay_address = relay_address_,
                .seated = seated(),
                .seats = seats_,
                .round_trips = round_trips(),
                .echoes = {.relay = relay_echoes_.tally(now), .gateway = gateway_echoes_.tally(now)},
                .peers = {},
                .link = past_,
                .trouble = member_.trouble(),
                .port = member_.counters()};
  if (link_) {
    status.link.in += link_->counters().in;
    status.link.out += link_->counters().out;
  }
  if (!status.seated || !link_) return status;
  const link::LinkStats link = link_->stats();
  status.peer = own_id_;
  status.gateway_present = gateway_present();
  status.budget = link.budget;
  status.packets_lost = link.packets_lost;
  status.queued_bytes = link.queued_bytes;
  status.queue_delay = queue_delay(now);
  for (const auto& [id, peer] : peers_) status.peers.push_back(peer);
  return status;
}

}  // namespace softlan::session
