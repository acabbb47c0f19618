// What the log says of packets and connections that never came to a seat: one line a report, and only when there were
// new ones, so that nobody outside decides how much is written.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "obs/log.h"
#include "quic/endpoint.h"

namespace softlan::runtime {

class StrangersReport {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(60);

  // Borrows `log`. The first report is due an interval after `now`.
  StrangersReport(TimePoint now, obs::Log& log) : log_(log), next_(now + kInterval) {}

  // `total`: what all endpoints have counted; `not_seated`: frames and echoes of links without a seat. Both since the
  // program began, as the line says them.
  void write(TimePoint now, const quic::EndpointCounters& total, std::uint64_t not_seated);
  [[nodiscard]] TimePoint next_deadline() const { return next_; }

 private:
  obs::Log& log_;
  TimePoint next_;
  std::uint64_t told_ = 0;
};

}  // namespace softlan::runtime
