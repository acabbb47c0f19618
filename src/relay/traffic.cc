#include "relay/traffic.h"

#include "relay/report.h"

namespace softlan::relay {
namespace {

void count(obs::DirectionCounters& counters, const FrameRef& frame) {
  ++counters.frames;
  counters.bytes += frame.size();
}

}  // namespace

void Traffic::forward(TimePoint now, Room& room, Seat& from, const FrameRef& frame) {
  const Verdict verdict = forwarder_.decide(now, room, from, frame.bytes());
  count(from.counters.in, frame);
  if (verdict.drop != obs::DropReason::none) from.counters.in.drop(verdict.drop);
  for (Seat* target : verdict.targets) {
    target->link->send_frame(now, from.id, frame);
    count(target->counters.out, frame);
  }
  if (log_.enabled(obs::Level::debug)) log_decision(log_, room, from, frame.bytes(), verdict);
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
