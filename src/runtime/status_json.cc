#include "runtime/status_json.h"

#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

Json traffic_of(const obs::DirectionCounters& counters) {
  return {{"frames", counters.frames}, {"bytes", counters.bytes}};
}

Json rates_of(const obs::DirectionRates& rates) {
  return {{"frames_per_second", rates.frames_per_second}, {"bytes_per_second", rates.bits_per_second / 8}};
}

}  // namespace

Json json_ms(std::optional<Duration> time) { return time ? Json(1000 * seconds(*time)) : Json(nullptr); }

Json json_drops(const obs::Counters& counters) {
  Json drops = Json::object();
  for (const auto& [name, count] : obs::drop_counts(counters)) drops[name] = count;
  return drops;
}

Json json_traffic(const obs::Counters& counters) {
  return {{"in", traffic_of(counters.in)}, {"out", traffic_of(counters.out)}};
}

Json json_rates(const obs::Rates& rates) { return {{"in", rates_of(rates.in)}, {"out", rates_of(rates.out)}}; }

std::string json_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

}  // namespace softlan::runtime
