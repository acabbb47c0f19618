// One direction of a network path, with everything a real one does to packets, and an account of it.
//
// A packet meets, in this order: the line being cut, the path MTU, random loss, bursts of loss, the queue in front of
// the slowest link, its rate, delay and jitter, then perhaps duplication or being overtaken. Jitter alone never
// changes the order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/random.h"
#include "base/time.h"
#include "sim/sim.h"

namespace softlan::sim {

struct LineConfig {
  Duration delay{};
  Duration jitter{};                                      // added, uniform
  double bits_per_second = 0;                             // 0: as fast as one likes
  std::size_t queue_bytes = 65536;                        // in front of a line with a rate
  double loss = 0;                                        // probability for each packet
  double burst_begin = 0;                                 // probability that a burst of loss begins with this packet
  Duration burst_length = std::chrono::milliseconds(50);  // at most
  double duplication = 0;
  double reordering = 0;  // probability that a packet is held back
  Duration held_back = std::chrono::milliseconds(5);
  std::size_t mtu = 1500;  // IP packets
};

class Line {
 public:
  enum class Loss : std::uint8_t { cut, mtu, random, burst, queue, count_ };

  struct Ledger {
    std::uint64_t packets = 0;  // that were given to the line
    std::array<std::uint64_t, static_cast<std::size_t>(Loss::count_)> losses{};
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t delivered = 0;  // duplicates included

    [[nodiscard]] std::uint64_t lost() const;
    [[nodiscard]] std::uint64_t under_way() const { return packets + duplicated - lost() - delivered; }
  };

  // `deliver` is called when a packet arrives.
  Line(Sim& sim, Timeline::Node node, const LineConfig& line, std::function<void(UdpPacket)> deliver)
      : config(line), sim_(sim), node_(node), deliver_(std::move(deliver)) {}
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void carry(UdpPacket packet);
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

  LineConfig config;  // may be changed at any time
  bool cut = false;   // nothing passes

 private:
  void deliver_at(TimePoint arrival, UdpPacket packet);
  void lose(Loss loss, const UdpPacket& packet);
  [[nodiscard]] bool in_burst();
  [[nodiscard]] bool chance(double probability);
  [[nodiscard]] Duration random_time(Duration most);
  // When a packet that enters now has left the queue and the link; the queue has room for it.
  [[nodiscard]] TimePoint transmit(std::size_t bytes);
  [[nodiscard]] bool has_room(std::size_t bytes) const;

  Sim& sim_;
  Timeline::Node node_;
  std::function<void(UdpPacket)> deliver_;
  Ledger ledger_;
  TimePoint burst_until_{};
  TimePoint busy_until_{};
  TimePoint last_arrival_{};
};

}  // namespace softlan::sim
