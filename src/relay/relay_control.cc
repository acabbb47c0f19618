#include <fmt/format.h>

#include <utility>
#include <variant>

#include "ctrl/codec.h"
#include "relay/relay.h"

namespace softlan::relay {

using link::CloseCode;

void Relay::on_json(TimePoint now, Visitor& from, std::string_view json) {
  if (!from.control_messages.take(now)) return fail_protocol(now, from, "too many control messages");
  const auto message = ctrl::decode(json);
  if (!message) return fail_protocol(now, from, message.error().message);
  std::visit([&](const auto& m) { on_message(now, from, m); }, *message);
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Hello& hello) {
  if (from.is_seated()) return fail_protocol(now, from, "a second hello");
  const auto placement = admit(now, config_, rooms_, hello, from.link->peer_identity());
  if (!placement) return reject(now, from, placement.error(), hello.room);
  take_seat(now, from, hello, *placement);
}

void Relay::on_message(TimePoint now, Visitor& from, const ctrl::Stats& stats) {
  if (!expect_seated(now, from)) return;
  from.seat->told_stats = stats;
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

bool Relay::expect_seated(TimePoint now, Visitor& from) {
  if (!from.is_seated()) fail_protocol(now, from, "a message before hello");
  return from.is_seated();
}

}  // namespace softlan::relay
