#include "sim/traffic.h"

#include <iterator>

#include "base/frame_pool.h"

namespace softlan::sim {

Flow& Traffic::open(const Place& from, const Place* to) {
  return flows_.emplace_back(Flow{.id = static_cast<std::uint32_t>(flows_.size()), .from = &from, .to = to, .sent = 0});
}

bool Traffic::send(Flow& flow, std::size_t size) {
  const proto::Mac to = flow.to ? flow.to->station->mac() : kBroadcast;
  if (!flow.from->station->send(to, flow.id, flow.sent, size)) return false;
  ++flow.sent;
  return true;
}

// Like game traffic: mostly small, at times as large as Ethernet allows.
std::size_t Traffic::random_size() {
  constexpr std::size_t kEdges[] = {60, 64, 1168, 1400, 1442, 1514, kMaxFrameSize};
  if (sim_.random.below(4) == 0) return kEdges[sim_.random.below(std::size(kEdges))];
  return 60 + sim_.random.below(300);
}

void Traffic::keep_sending(Flow& flow, double per_second, TimePoint until) {
  const std::chrono::duration<double> wait((0.5 + sim_.random.unit()) / per_second);
  sim_.scheduler.after(std::chrono::duration_cast<Duration>(wait), [this, &flow, per_second, until] {
    if (sim_.now() >= until) return;
    (void)send(flow, random_size());
    keep_sending(flow, per_second, until);
  });
}

}  // namespace softlan::sim
