#include "runtime/strangers_report.h"

#include <utility>

namespace softlan::runtime {

void StrangersReport::write(TimePoint now, const quic::EndpointCounters& total, std::uint64_t not_seated) {
  next_ = now + kInterval;
  const std::uint64_t events = total.strange_packets() + total.failed_handshakes + not_seated;
  if (std::exchange(told_, events) == events) return;
  log_.info("strangers", {{"junk_packets", total.junk_packets},
                          {"unknown_connections", total.unknown_connections},
                          {"version_negotiations", total.version_negotiations},
                          {"stateless_resets", total.stateless_resets},
                          {"refused_connections", total.refused_connections},
                          {"failed_handshakes", total.failed_handshakes},
                          {"not_seated", not_seated},
                          {"retries", total.retries},
                          {"bad_tokens", total.bad_tokens},
                          {"handshakes_delayed", total.handshakes_delayed}});
}

}  // namespace softlan::runtime
