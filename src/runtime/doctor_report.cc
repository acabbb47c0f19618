#include "runtime/doctor_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "runtime/status_json.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kColumn = 9;  // of the sentences, behind the longest weight

std::string closing_line(std::size_t count) {
  if (count == 0) return "Nothing stands in the way.\n";
  return count == 1 ? "1 problem stands in the way.\n" : fmt::format("{} problems stand in the way.\n", count);
}

Json to_json(const doctor::Relay& relay) {
  if (relay.visits.empty()) return nullptr;
  const doctor::Visit& visit = relay.visits.back();
  const auto heard = static_cast<Duration::rep>(visit.echoes.size());
  const Duration sum = std::accumulate(visit.echoes.begin(), visit.echoes.end(), Duration::zero());
  Json json;
  json["address"] = visit.answered ? Json(to_string(*visit.answered)) : Json();
  json["rtt_ms"] = json_ms(heard != 0                     ? std::optional(sum / heard)
                           : visit.rtt > Duration::zero() ? std::optional(visit.rtt)
                                                          : std::nullopt);
  json["jitter_ms"] = json_ms(heard > 1 ? std::optional(doctor::jitter(visit.echoes)) : std::nullopt);
  json["echoes_sent"] = visit.echoes_sent;
  json["echoes_lost"] = visit.echoes_sent - std::min<std::size_t>(visit.echoes_sent, visit.echoes.size());
  json["budget"] = visit.budget != 0 ? Json(visit.budget) : Json();
  return json;
}

}  // namespace

std::size_t problems(const doctor::Findings& findings) {
  return static_cast<std::size_t>(std::ranges::count_if(
      findings, [](const auto& finding) { return weight_of(finding.matter) == doctor::Weight::problem; }));
}

std::string doctor_text(const doctor::Findings& findings) {
  std::string text;
  for (const doctor::Finding& finding : findings)
    text += fmt::format("{:<{}}{}\n", to_string(weight_of(finding.matter)), kColumn, sentence(finding));
  return text + closing_line(problems(findings));
}

std::string doctor_json(const std::string& interface, const doctor::Findings& findings,
                        const std::optional<doctor::Relay>& relay) {
  Json json;
  json["interface"] = interface;
  json["problems"] = problems(findings);
  json["findings"] = Json::array();
  for (const doctor::Finding& finding : findings)
    json["findings"].push_back({{"name", to_string(finding.matter)},
                                {"weight", to_string(weight_of(finding.matter))},
                                {"text", sentence(finding)}});
  if (relay) json["relay"] = to_json(*relay);
  return json_text(json);
}

}  // namespace softlan::runtime
