// Parts that the JSON of every program's status has in common. Order is that of writing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "base/time.h"
#include "obs/snapshot.h"

namespace softlan::runtime {

using Json = nlohmann::ordered_json;

// Milliseconds; null for none.
[[nodiscard]] Json json_ms(std::optional<Duration> time);
// Above zero, by reason, both directions together.
[[nodiscard]] Json json_drops(const obs::Counters& counters);
// {"in": {"frames": 1, "bytes": 2}, "out": ...}
[[nodiscard]] Json json_traffic(const obs::Counters& counters);
// {"in": {"frames_per_second": 1.5, "bytes_per_second": 2}, "out": ...}
[[nodiscard]] Json json_rates(const obs::Rates& rates);
// As text; what is not UTF-8 is replaced.
[[nodiscard]] std::string json_text(const Json& json);

}  // namespace softlan::runtime
