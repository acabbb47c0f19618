#include <fmt/format.h>

#include <utility>
#include <variant>

#include "ctrl/codec.h"
#include "ctrl/validate.h"
#include "relay/relay.h"

namespace softlan::relay {

using link::CloseCode;

namespace {

Caller caller(const link::Link& link) {
  return {.source = link.peer_address().ip, .identity = link.peer_identity(), .binding = link.channel_binding()};
}

}  // namespace

void Relay::on_json(TimePoint now, Visitor& from, std::string_view json) {
  if (!from.control_messages.take(now)) return fail_protocol(now, from, "too many control messages");
  const auto message = ctrl::decode(json);
  if (!message) return fail_protocol(now, from, message.error().message);
  std::visit([&](const auto& m) { on_message(now, from, m); }, *message);
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Hello& hello) {
  if (from.is_seated() || from.exchange) return fail_protocol(now, from, "a second hello");
  if (const auto problem = ctrl::check_hello(hello)) return reject(now, from, *problem, hello.room);
  if (!owns(hello.room)) return fail_protocol(now, from, "a first connection id that is not of its room");
  if (const Ban* ban = bans_.find(now, from.link->peer_identity(), from.link->peer_address().ip)) {
    return reject(now, from, banned(now, *ban), hello.room);
  }
  auto exchange = door_.on_hello(now, hello, caller(*from.link));
  if (!exchange) return reject(now, from, exchange.error(), hello.room);
  if (!*exchange) return enter(now, from, hello, {});
  from.exchange = *std::move(exchange);
  send(from, ctrl::Challenge{from.exchange->scram.first()});
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Proof& proof) {
  if (!from.exchange) return fail_protocol(now, from, "a proof nobody asked for");
  const std::unique_ptr<Exchange> exchange = std::move(from.exchange);
  const auto own_proof = door_.on_proof(now, *exchange, proof.scram, caller(*from.link));
  if (!own_proof) return reject(now, from, own_proof.error(), exchange->hello.room);
  enter(now, from, exchange->hello, *own_proof);
}

void Relay::enter(TimePoint now, Visitor& visitor, const ctrl::Hello& hello, std::string own_proof) {
  const auto placement = admit(now, config_, rooms_, hello, visitor.link->peer_identity());
  if (!placement) return reject(now, visitor, placement.error(), hello.room);
  if (!placement->room && !share_.open_rooms->take(config_.max_rooms))
    return reject(now, visitor, relay_full(config_.max_rooms), hello.room);
  take_seat(now, visitor, hello, *placement);
  greet(visitor, std::move(own_proof));
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Stats& stats) {
  if (!expect_seated(now, from)) return;
  from.seat->told_stats = stats;
  from.seat->arrived_by_then = from.link->counters().in.frames;
  from.seat->sent_by_then = from.link->counters().out.frames;
  if (log_.enabled(obs::Level::debug)) log_stats(log_, *from.room, *from.seat);
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Budget& budget) {
  if (expect_seated(now, from)) from.seat->told_budget = budget.bytes;
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Disconnect& goodbye) {
  if (!expect_seated(now, from)) return;
  close(from, CloseCode::leave, goodbye.reason.empty() ? "left" : fmt::format("left: {}", goodbye.reason));
}

void Relay::on_message(TimePoint, Visitor&, const ctrl::Unknown& unknown) {
  log_.debug("unknown control message ignored", {{"type", unknown.type}});
}

void Relay::on_message(TimePoint now, Visitor& from, const auto&) {
  fail_protocol(now, from, "a message only the relay may send");
}

bool Relay::owns(std::string_view room) const { return !share_.owns || share_.owns(ctrl::canonical_room(room)); }

bool Relay::expect_seated(TimePoint now, Visitor& from) {
  if (!from.is_seated()) fail_protocol(now, from, "a message before hello");
  return from.is_seated();
}

}  // namespace softlan::relay
