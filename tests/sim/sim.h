// What every part of a simulated world shares: the clock, the dice, the record; and the packets they pass on.
#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/random.h"
#include "sim/scheduler.h"
#include "sim/timeline.h"

namespace softlan::sim {

struct Sim {
  Sim(std::uint64_t seed, bool keep_timeline) : timeline(keep_timeline), random(seed) {}

  [[nodiscard]] TimePoint now() const { return scheduler.now(); }

  Scheduler scheduler;
  Timeline timeline;
  SeededRandom random;
};

struct UdpPacket {
  std::vector<std::uint8_t> data;
  SocketAddress from;
  SocketAddress to;
  std::uint8_t ecn = 0;
};

inline constexpr std::size_t kIpAndUdpHeaders = 28;  // all simulated addresses are IPv4

// The packet with its IP and UDP headers, for the capture.
[[nodiscard]] std::vector<std::uint8_t> with_headers(const UdpPacket& packet);

// Who has a UDP socket.
class UdpSink {
 public:
  virtual ~UdpSink() = default;
  virtual void on_udp(UdpPacket packet) = 0;
  // ICMP: nobody listens where this socket, bound to `local`, sends to.
  virtual void on_unreachable(const SocketAddress& local) = 0;
};

}  // namespace softlan::sim
