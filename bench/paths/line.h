// One direction of a path, in virtual time: a buffer in front of the slowest link, its rate, loss, delay.
#pragma once

#include <deque>
#include <vector>

#include "base/packet_batch.h"
#include "base/random.h"
#include "base/time.h"

namespace softlan::bench {

struct LineConfig {
  Duration delay{};
  double loss = 0;             // probability of each packet
  double bits_per_second = 0;  // 0: no limit
  Duration buffer{};           // how much the line carries in this time may wait in front of it
};

class Line final : public PacketSender {
 public:
  struct Packet {
    TimePoint arrival;
    std::vector<std::uint8_t> data;
    NetworkPath path;
  };

  // Borrows `now` and `random`.
  Line(const LineConfig& config, const TimePoint& now, Random& random) : config_(config), now_(now), random_(random) {}

  bool send(SendBatch& batch) override;
  [[nodiscard]] TimePoint next_arrival() const { return packets_.empty() ? kNever : packets_.front().arrival; }
  [[nodiscard]] Packet take();

 private:
  LineConfig config_;
  const TimePoint& now_;
  Random& random_;
  TimePoint free_at_{};  // the slowest link
  std::deque<Packet> packets_;
};

}  // namespace softlan::bench
