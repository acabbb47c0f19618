#include "obs/snapshot.h"

#include <fmt/format.h>

#include <iterator>

namespace softlan::obs {
namespace {

double per_second(std::uint64_t older, std::uint64_t newer, double seconds) {
  const std::uint64_t since = newer >= older ? newer - older : newer;
  return static_cast<double>(since) / seconds;
}

DirectionRates rates_of(const DirectionCounters& older, const DirectionCounters& newer, double seconds) {
  return {.frames_per_second = per_second(older.frames, newer.frames, seconds),
          .bits_per_second = 8 * per_second(older.bytes, newer.bytes, seconds),
          .drops_per_second = per_second(older.dropped_total(), newer.dropped_total(), seconds)};
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> drop_counts(const Counters& counters) {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  for (std::size_t i = 0; i < kDropReasonCount; ++i) {
    const auto reason = static_cast<DropReason>(i);
    if (reason == DropReason::none || reason == DropReason::filler) continue;
    const std::uint64_t count = counters.in.dropped(reason) + counters.out.dropped(reason);
    if (count > 0) counts.emplace_back(to_string(reason), count);
  }
  return counts;
}

std::string drops_text(const Counters& counters) {
  std::string text;
  for (const auto& [name, count] : drop_counts(counters)) {
    fmt::format_to(std::back_inserter(text), "{}{}:{}", text.empty() ? "" : ",", name, count);
  }
  return text.empty() ? "none" : text;
}

Rates rates_between(const Snapshot& older, const Snapshot& newer) {
  if (newer.taken <= older.taken) return {};
  const double seconds = std::chrono::duration<double>(newer.taken - older.taken).count();
  return {.in = rates_of(older.counters.in, newer.counters.in, seconds),
          .out = rates_of(older.counters.out, newer.counters.out, seconds)};
}

void RateMeter::sample(TimePoint now, const Counters& counters) {
  const Snapshot present{.taken = now, .counters = counters};
  if (last_) rates_ = rates_between(*last_, present);
  last_ = present;
}

}  // namespace softlan::obs
