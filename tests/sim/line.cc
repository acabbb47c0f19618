#include "sim/line.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace softlan::sim {

std::uint64_t Line::Ledger::lost() const { return std::accumulate(losses.begin(), losses.end(), std::uint64_t{0}); }

bool Line::chance(double probability) { return probability > 0 && sim_.random.unit() < probability; }

Duration Line::random_time(Duration most) {
  if (most <= Duration::zero()) return {};
  return Duration(static_cast<std::int64_t>(sim_.random.below(static_cast<std::uint64_t>(most.count()))));
}

bool Line::in_burst() {
  if (chance(config.burst_begin)) burst_until_ = sim_.now() + random_time(config.burst_length);
  return sim_.now() < burst_until_;
}

void Line::lose(Loss loss, const UdpPacket& packet) {
  ++ledger_.losses[static_cast<std::size_t>(loss)];
  sim_.timeline.record(sim_.now(), node_, What::packet_lost, packet.data.size(), static_cast<std::uint64_t>(loss));
}

bool Line::has_room(std::size_t bytes) const {
  if (config.bits_per_second <= 0 || busy_until_ <= sim_.now()) return true;
  const double waiting = std::chrono::duration<double>(busy_until_ - sim_.now()).count() * config.bits_per_second / 8;
  return waiting + static_cast<double>(bytes) <= static_cast<double>(config.queue_bytes);
}

TimePoint Line::transmit(std::size_t bytes) {
  if (config.bits_per_second <= 0) return sim_.now();
  const std::chrono::duration<double> time(static_cast<double>(bytes) * 8 / config.bits_per_second);
  busy_until_ = std::max(busy_until_, sim_.now()) + std::chrono::duration_cast<Duration>(time);
  return busy_until_;
}

void Line::carry(UdpPacket packet) {
  const std::size_t bytes = packet.data.size() + kIpAndUdpHeaders;
  ++ledger_.packets;
  if (cut) return lose(Loss::cut, packet);
  if (bytes > config.mtu) return lose(Loss::mtu, packet);
  if (chance(config.loss)) return lose(Loss::random, packet);
  if (in_burst()) return lose(Loss::burst, packet);
  if (!has_room(bytes)) return lose(Loss::queue, packet);
  TimePoint arrival = transmit(bytes) + config.delay + random_time(config.jitter);
  arrival = std::max(arrival, last_arrival_);
  if (chance(config.reordering)) {
    ++ledger_.reordered;
    arrival += config.held_back;
  } else {
    last_arrival_ = arrival;
  }
  if (chance(config.duplication)) {
    ++ledger_.duplicated;
    deliver_at(arrival, packet);
  }
  deliver_at(arrival, std::move(packet));
}

void Line::deliver_at(TimePoint arrival, UdpPacket packet) {
  sim_.scheduler.at(arrival, [this, packet = std::move(packet)]() mutable {
    ++ledger_.delivered;
    deliver_(std::move(packet));
  });
}

}  // namespace softlan::sim
