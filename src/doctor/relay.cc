#include "doctor/relay.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>

namespace softlan::doctor {
namespace {

constexpr Duration kFar = std::chrono::milliseconds(100);
constexpr Duration kUnsteady = std::chrono::milliseconds(20);
constexpr double kLossy = 0.05;
constexpr std::size_t kOrdinaryBudget = 1350;  // what a 1400-byte path leaves

std::string in_ms(Duration time) {
  return fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(time).count());
}

std::string_view name_of(IpAddress::Family family) { return family == IpAddress::Family::v4 ? "IPv4" : "IPv6"; }

Duration round_trip(const Visit& visit) {
  if (visit.echoes.empty()) return visit.rtt;
  return std::accumulate(visit.echoes.begin(), visit.echoes.end(), Duration::zero()) /
         static_cast<std::int64_t>(visit.echoes.size());
}

Finding judge_failure(const Relay& relay, const link::LinkEnd& end) {
  using enum link::LinkFault;
  switch (end.fault) {
    case timeout:
    case unreachable:
      return {Matter::relay_unreachable, {relay.name}};
    case untrusted:
      return {Matter::relay_untrusted, {relay.name, end.reason}};
    case wrong_name:
      return {Matter::relay_name_mismatch, {relay.name, relay.server_name}};
    case wrong_protocol:
      return {Matter::relay_strange, {relay.name, "it speaks another protocol"}};
    case no_datagrams:
      return {Matter::relay_strange, {relay.name, "it takes no datagrams"}};
    case closed_by_peer:
    case reset:
    case transport:
      break;
  }
  return {Matter::relay_strange, {relay.name, end.reason.empty() ? "it ended the connection" : end.reason}};
}

void judge_way(const Relay& relay, const Visit& visit, Findings& found) {
  const Duration way = round_trip(visit);
  const Duration shakes = jitter(visit.echoes);
  const auto heard = static_cast<unsigned>(visit.echoes.size());
  const unsigned lost = visit.echoes_sent - std::min(visit.echoes_sent, heard);
  std::string numbers = fmt::format(": {} ms there and back", in_ms(way));
  if (heard > 1) numbers += fmt::format(", jitter {} ms, {} of {} echoes lost", in_ms(shakes), lost, visit.echoes_sent);
  if (visit.budget != 0) numbers += fmt::format(", {} bytes a datagram", visit.budget);
  found.push_back({Matter::relay_answers, {relay.name, numbers}});
  if (way >= kFar) found.push_back({Matter::relay_far, {relay.name, in_ms(way)}});
  if (shakes >= kUnsteady || lost > kLossy * visit.echoes_sent)
    found.push_back(
        {Matter::relay_unsteady, {relay.name, in_ms(shakes), std::to_string(lost), std::to_string(visit.echoes_sent)}});
  // Only a seat lasts long enough for the path to be measured.
  if (visit.seated && visit.budget < kOrdinaryBudget)
    found.push_back({Matter::narrow_path, {relay.name, std::to_string(visit.budget)}});
  for (const IpAddress::Family family : visit.silent) {
    const std::string_view other = name_of(visit.answered->ip.family);
    found.push_back({Matter::family_unreachable, {relay.name, std::string(other), std::string(name_of(family))}});
  }
}

// Told only to those whose pass is right.
bool is_gateway_taken(const Visit& visit) {
  return visit.reject && visit.reject->code == ctrl::RejectCode::gateway_taken;
}
bool saw_gateway(const Visit& visit) { return visit.gateway_there || is_gateway_taken(visit); }

Finding judge_entry(const Relay& relay, const Visit& visit) {
  const bool let_in = visit.seated || is_gateway_taken(visit);
  if (visit.seated && visit.with_pass && !visit.proven) return {Matter::relay_unproven, {relay.name, relay.room}};
  if (let_in) return {visit.with_pass ? Matter::pass_right : Matter::no_pass_needed, {relay.room}};
  if (!visit.reject) return {Matter::relay_strange, {relay.name, "it accepts a connection and then says nothing"}};
  const ctrl::RejectCode code = visit.reject->code;
  const bool not_open = code == ctrl::RejectCode::room_not_open;
  if (relay.founds && (not_open || code == ctrl::RejectCode::pass_needed))
    return {Matter::pass_to_be_made, {relay.room}};
  if (not_open) return {Matter::pass_wrong, {relay.room}};
  return {Matter::relay_refuses, {relay.room, visit.reject->message}};
}

}  // namespace

Duration jitter(const std::vector<Duration>& echoes) {
  if (echoes.size() < 2) return {};
  Duration sum{};
  for (std::size_t i = 1; i < echoes.size(); ++i) sum += std::chrono::abs(echoes[i] - echoes[i - 1]);
  return sum / static_cast<std::int64_t>(echoes.size() - 1);
}

Findings judge(const Relay& relay) {
  if (!relay.found || relay.visits.empty()) return {{Matter::relay_not_found, {relay.name}}};
  const Visit& last = relay.visits.back();
  if (!last.answered) return {judge_failure(relay, last.end.value_or(link::LinkEnd{link::LinkFault::timeout, 0, ""}))};
  Findings found;
  judge_way(relay, last, found);
  found.push_back(judge_entry(relay, last));
  if (saw_gateway(last)) found.push_back({Matter::gateway_there, {relay.room}});
  return found;
}

}  // namespace softlan::doctor
