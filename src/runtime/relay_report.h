// All a relay tells about itself, and the three forms it is told in. docs/status.md has the fields and the metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "quic/endpoint.h"
#include "relay/status.h"

namespace softlan::runtime {

// Members described in one answer: the largest room whole, and making it takes some milliseconds at most.
inline constexpr std::size_t kMaxMembersTold = relay::kMaxSeats;

// Packets that found no member, and those that found the wrong worker first.
struct PacketCounters {
  quic::EndpointCounters strangers;
  std::uint64_t handed_over = 0;        // from one worker to another
  std::uint64_t handovers_dropped = 0;  // that the other had no space for

  PacketCounters& operator+=(const PacketCounters& other);
};

struct RelayReport {
  std::string software;
  std::size_t workers = 1;
  Duration uptime{};
  std::int64_t started = 0;                         // Unix time
  std::optional<std::int64_t> certificate_expires;  // Unix time
  relay::RelayStatus relay;
  PacketCounters packets;
};

// What the workers of a relay say, as one: rooms sorted by code, with details of at most `max_members` members.
[[nodiscard]] relay::RelayStatus merge(std::vector<relay::RelayStatus> parts, std::size_t max_members);

[[nodiscard]] std::string to_text(const RelayReport& report);
[[nodiscard]] std::string to_json(const RelayReport& report);
// Prometheus' text format. Labels are room codes, roles, directions and reasons: nothing of a single member.
[[nodiscard]] std::string to_metrics(const RelayReport& report);

}  // namespace softlan::runtime
