#include "relay/relay.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace softlan::relay {

using link::CloseCode;

namespace {

constexpr std::string_view kShuttingDown = "the relay is shutting down";

// Loss and padding are nobody's fault.
bool is_peers_fault(obs::DropReason reason) {
  return reason == obs::DropReason::malformed_datagram || reason == obs::DropReason::malformed_fragment;
}

// Whoever leaves on purpose does not want its seat kept.
bool is_goodbye(const link::LinkEnd& end) {
  return end.fault == link::LinkFault::closed_by_peer &&
         (end.code == static_cast<std::uint64_t>(CloseCode::leave) ||
          end.code == static_cast<std::uint64_t>(CloseCode::shutting_down));
}

std::string in_words(const link::LinkEnd& end) {
  if (end.fault == link::LinkFault::closed_by_peer) return "left";
  return end.reason.empty() ? "connection lost" : fmt::format("connection lost: {}", end.reason);
}

}  // namespace

Relay::Relay(RelayConfig config, Door& door, obs::Log& log, Share share)
    : config_(std::move(config)), door_(door), log_(log), share_(std::move(share)), traffic_(log), refusals_(log) {}

void Relay::adopt(RelayConfig config) {
  config.room_mtu = config_.room_mtu;
  config_ = std::move(config);
  for (const auto& [code, room] : rooms_) room->adopt(config_.rules_of(code));
}

void Relay::on_link_up(TimePoint now, link::Link& link) {
  if (shut_down_) return link.close(CloseCode::shutting_down, kShuttingDown);
  Visitor& visitor = *visitors_.emplace_back(std::make_unique<Visitor>(config_, link));
  visitor.index = visitors_.size() - 1;
  link.context = &visitor;
  if (waiting() > config_.max_waiting) {
    reject(now, visitor, {ctrl::RejectCode::relay_full, "Too many connections are waiting at this relay.", true}, "");
  } else {
    hello_deadlines_.set(visitor, now + config_.hello_timeout);
  }
  settle(now);
}

void Relay::on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) {
  Visitor* visitor = visitor_of(link);
  if (visitor == nullptr) return;
  if (visitor->is_seated()) {
    if (!is_goodbye(end)) hold_seat(now, *visitor);
    vacate(*visitor, in_words(end));
  } else {
    log_.debug("link ended without a hello", {{"from", to_string(link.peer_address())}, {"reason", end.reason}});
  }
  forget(*visitor);
  settle(now);
}

void Relay::on_control(TimePoint now, link::Link& link, Bytes bytes) {
  Visitor* visitor = visitor_of(link);
  if (visitor == nullptr) return;
  visitor->framer.append(bytes);
  while (visitor->link != nullptr) {
    const auto json = visitor->framer.next();
    if (!json) {
      fail_protocol(now, *visitor, json.error().message);
    } else if (!json->has_value()) {
      break;
    } else {
      on_json(now, *visitor, **json);
    }
  }
  settle(now);
}

void Relay::on_received(TimePoint now, std::span<link::Received> received) {
  for (const link::Received& item : received) {
    const Visitor* visitor = visitor_of(*item.from);
    if (visitor == nullptr || !visitor->is_seated()) {
      unseated_.drop(obs::DropReason::not_seated);
    } else if (item.is_echo) {
      Traffic::pass_echo(now, *visitor->room, *visitor->seat, item.echo);
    } else {
      traffic_.forward(now, *visitor->room, *visitor->seat, item.frame);
    }
  }
}

void Relay::on_bad_datagram(TimePoint now, link::Link& link, obs::DropReason reason) {
  Visitor* visitor = visitor_of(link);
  if (visitor == nullptr || !is_peers_fault(reason)) return;
  if (!visitor->bad_datagrams.take(now)) fail_protocol(now, *visitor, "too many malformed datagrams");
  settle(now);
}

void Relay::on_budget(TimePoint, link::Link& link, std::size_t budget) {
  const Visitor* visitor = visitor_of(link);
  if (visitor == nullptr || !visitor->is_seated()) return;
  log_.debug("budget to member changed",
             {{"room", visitor->room->code()}, {"peer", to_number(visitor->seat->id)}, {"bytes", budget}});
}

void Relay::on_deadline(TimePoint now) {
  while (hello_deadlines_.next() <= now) {
    Visitor& late = *hello_deadlines_.first();
    refusals_.refused(now, late.link->peer_address(), "", "no hello in time");
    close(late, CloseCode::timeout, "no hello in time");
  }
  if (release_at_ <= now) release_seats(now);
  refusals_.on_deadline(now);
  if (report_at_ <= now) {
    report_.write(log_, rooms_);
    report_at_ = now + config_.report_interval;
  }
  settle(now);
}

TimePoint Relay::next_deadline() const {
  return std::min({hello_deadlines_.next(), release_at_, refusals_.next_deadline(), report_at_});
}

Room* Relay::room(std::string_view code) const {
  const auto found = rooms_.find(code);
  return found == rooms_.end() ? nullptr : found->second.get();
}

void Relay::sample_rates(TimePoint now) {
  for (const auto& [code, room] : rooms_) {
    for (const auto& seat : room->seats()) seat->rates.sample(now, seat->counters);
  }
}

void Relay::shut_down() {
  shut_down_ = true;
  for (const auto& visitor : visitors_) {
    hello_deadlines_.remove(*visitor);
    visitor->link->context = nullptr;
    visitor->link->close(CloseCode::shutting_down, kShuttingDown);
  }
  visitors_.clear();
  share_.open_rooms->give_back(rooms_.size());
  rooms_.clear();
  seated_ = 0;
  report_at_ = release_at_ = kNever;
}

}  // namespace softlan::relay
