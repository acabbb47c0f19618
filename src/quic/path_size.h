// How large a packet may be on a path that can silently shrink: a black-hole detector on top of ngtcp2's path-MTU
// discovery, which only ever raises the size (RFC 8899, section 4.3).
//
// A packet above the floor that is not acknowledged in time, nor any as large sent after it, makes the path suspect:
// from then on packets keep to the floor, and a burst of probes, one of each size, finds out what the path still
// carries. The largest that is acknowledged is the new limit. While that is below what was once proved, bursts go on
// at growing intervals, so larger sizes return when the path recovers. A false alarm costs one burst and one round
// trip of fragments. Pure: no I/O, no clock.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace softlan::quic {

// UDP payload sizes tried, smallest first: IPv6's and IPv4's share of a 1280-byte MTU, tunnels, PPPoE, IPv6 and IPv4
// over Ethernet.
inline constexpr std::array<std::uint16_t, 8> kPathSizes = {1232, 1252, 1312, 1372, 1392, 1432, 1452, 1472};

class PathSize {
 public:
  static constexpr std::size_t kFloor = 1200;  // RFC 9000, section 14: every QUIC path carries it

  // The largest payload to send now, as far as this detector knows; never below kFloor.
  [[nodiscard]] std::size_t limit() const { return limit_; }

  // A packet of `size` bytes has left; its fate must be known within `patience` (about a PTO). Returns a tag for
  // on_acknowledged(); several datagrams of one packet share it. Call before the next packet.
  void on_sent(TimePoint now, std::size_t size, Duration patience);
  // The tag of the packet that on_sent() will be called for next.
  [[nodiscard]] std::uint64_t next_tag() const { return next_tag_; }
  void on_acknowledged(std::uint64_t tag);

  [[nodiscard]] TimePoint next_deadline() const { return std::min(suspect_at_, next_burst_); }
  void on_deadline(TimePoint now);

  // Size of the probe to send next, 0 for none. It is asked for until taken.
  [[nodiscard]] std::size_t probe() const { return next_probe_ < kPathSizes.size() ? kPathSizes[next_probe_] : 0; }
  void probe_taken();

  // The path is another one (migration): everything is to be proved again.
  void reset();

 private:
  void begin_burst(TimePoint now);

  static constexpr std::size_t kRemembered = 1024;  // packets whose size is known when they are acknowledged

  std::array<std::uint16_t, kRemembered> sizes_{};
  std::uint64_t next_tag_ = 0;
  std::size_t limit_ = kPathSizes.back();
  std::size_t suspect_size_ = 0;   // of the packet that waits for its acknowledgement
  TimePoint suspect_at_ = kNever;  // when it has waited too long
  std::size_t next_probe_ = kPathSizes.size();
  TimePoint next_burst_ = kNever;
  Duration burst_interval_{};
};

}  // namespace softlan::quic
