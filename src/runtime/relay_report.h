// All a relay tells about itself, and the three forms it is told in. docs/status.md has the fields and the metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "quic/endpoint.h"
#include "relay/status.h"

namespace softlan::runtime {

// Members described in one answer: the largest room whole, and making it takes some milliseconds at most.
inline constexpr std::size_t kMaxMembersTold = relay::kMaxSeats;

struct RelayReport {
  std::string software;
  Duration uptime{};
  std::int64_t started = 0;                         // Unix time
  std::optional<std::int64_t> certificate_expires;  // Unix time
  relay::RelayStatus relay;
  quic::EndpointCounters strangers;
};

[[nodiscard]] std::string to_text(const RelayReport& report);
[[nodiscard]] std::string to_json(const RelayReport& report);
// Prometheus' text format. Labels are room codes, roles, directions and reasons: nothing of a single member.
[[nodiscard]] std::string to_metrics(const RelayReport& report);

}  // namespace softlan::runtime
