#include "relay/traffic.h"

#include <algorithm>

#include "proto/budget.h"
#include "proto/tcp_mss.h"
#include "relay/report.h"

namespace softlan::relay {
namespace {

void count(obs::DirectionCounters& counters, const FrameRef& frame) {
  ++counters.frames;
  counters.bytes += frame.size();
}

// Whole frames of `from` to `to` that take one datagram on either leg, as the budgets are now.
std::size_t unfragmented_frame(const Seat& from, const Seat& to) {
  const std::size_t smaller = std::min<std::size_t>(from.told_budget, to.link->stats().budget);
  return std::max(smaller, proto::kMinDatagramBudget) - proto::kOverlayHeaderSize;
}

// `frame`, or when that invites segments too large for their way back, a copy that asks for smaller ones.
FrameRef with_fitting_mss(const Seat& from, const Seat& to, const FrameRef& frame, const proto::TcpMss& mss) {
  const std::size_t fitting = unfragmented_frame(to, from) - mss.overhead;
  if (mss.value <= fitting) return frame;
  FrameRef changed = frame.copy();
  if (!changed) return frame;
  proto::set_tcp_mss(changed.mutable_bytes(), mss, static_cast<std::uint16_t>(fitting));
  return changed;
}

}  // namespace

void Traffic::forward(TimePoint now, Room& room, Seat& from, const FrameRef& frame) {
  const Verdict verdict = forwarder_.decide(now, room, from, frame.bytes());
  count(from.counters.in, frame);
  if (verdict.drop != obs::DropReason::none) from.counters.in.drop(verdict.drop);
  const bool clamp = room.rules().limits.mss_clamp && verdict.mss && verdict.targets.size() == 1;
  for (Seat* target : verdict.targets) {
    target->link->send_frame(now, from.id, clamp ? with_fitting_mss(from, *target, frame, *verdict.mss) : frame);
    count(target->counters.out, frame);
  }
  if (room.frame_log().on()) {
    log_frame(now, room, from, frame, verdict);
  } else if (log_.enabled(obs::Level::debug)) {
    log_decision(log_, obs::Level::debug, room, from, frame.bytes(), verdict);
  }
}

void Traffic::log_frame(TimePoint now, Room& room, const Seat& from, const FrameRef& frame, const Verdict& verdict) {
  if (!room.frame_log().take_line(now)) return;
  if (const std::uint64_t count = room.frame_log().take_unlogged()) {
    log_.info("frames not logged", {{"room", room.code()}, {"count", count}});
  }
  log_decision(log_, obs::Level::info, room, from, frame.bytes(), verdict);
}

void Traffic::pass_echo(TimePoint now, const Room& room, Seat& from, const proto::Echo& echo) {
  if (!from.limits.take_echo(now, echo.reply)) {
    from.counters.in.drop(obs::DropReason::bandwidth_limit);
    return;
  }
  if (echo.target == kRelayPeer) {
    if (echo.reply) return;
    from.link->send_echo(now, kRelayPeer, {.target = from.id, .cookie = echo.cookie, .reply = true});
    return;
  }
  const Seat* target = room.find(echo.target);
  if (target && target != &from) target->link->send_echo(now, from.id, echo);
}

}  // namespace softlan::relay
