#include "paths/line.h"

#include <algorithm>
#include <utility>

namespace softlan::bench {

namespace {
constexpr std::size_t kHeaders = 28;  // IPv4 and UDP
}

bool Line::send(SendBatch& batch) {
  for (const SendBatch::Packet& packet : batch.packets()) {
    TimePoint leaves = now_;
    if (config_.bits_per_second > 0) {
      const TimePoint begins = std::max(free_at_, now_);
      if (begins - now_ > config_.buffer) continue;
      const double seconds = static_cast<double>((packet.size + kHeaders) * 8) / config_.bits_per_second;
      leaves = free_at_ = begins + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    }
    if (random_.unit() < config_.loss) continue;
    const Bytes data = batch.data(packet);
    packets_.push_back({leaves + config_.delay, {data.begin(), data.end()}, packet.path});
  }
  batch.clear();
  return true;
}

Line::Packet Line::take() {
  Packet packet = std::move(packets_.front());
  packets_.pop_front();
  return packet;
}

}  // namespace softlan::bench
