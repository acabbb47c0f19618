// How large a packet may be on a path nobody tells us about: datagram packetization layer path MTU discovery
// (RFC 8899), with a detector for paths that silently shrink. ngtcp2's own discovery only ever raises the size, so it
// is off and this one decides alone.
//
//   search     two probes at once: the size hoped for, and the next larger than what is proved. When the first is
//              acknowledged it is over; while the second is, one follows after the other. A probe not acknowledged in
//              time ends it: a lost probe makes congestion control slow down, so there are two of them at most.
//   fall       a packet above the floor that is not acknowledged in time, nor any as large sent after it. From then on
//              packets keep to the floor, and a search begins whose hope is the size there was: a false alarm costs one
//              round trip of fragments.
//   raise      a single probe of the next size, at growing intervals: soon while less is proved than once was, rarely
//              for sizes this path never carried.
//
// Pure: no I/O, no clock.
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

  // The largest payload to send now; never below kFloor, which it is until a search has proved more.
  [[nodiscard]] std::size_t limit() const { return limit_; }

  // Begins a search up to `largest`: nothing is known of this path yet, or it is another one now.
  void start(std::size_t largest);

  // A packet of `size` bytes has left, the probes among them; its fate must be known within `patience` (about a PTO).
  // Its tag comes back in on_acknowledged(); several datagrams of one packet share it. Call before the next packet.
  void on_sent(TimePoint now, std::size_t size, Duration patience);
  // The tag of the packet that on_sent() will be called for next.
  [[nodiscard]] std::uint64_t next_tag() const { return next_tag_; }
  void on_acknowledged(TimePoint now, std::uint64_t tag);

  [[nodiscard]] TimePoint next_deadline() const { return std::min({suspect_at_, probes_end_, raise_at_}); }
  void on_deadline(TimePoint now);

  // Size of the probe to send next, 0 for none. It is asked for until taken.
  [[nodiscard]] std::size_t probe() const { return hoped_ != 0 ? hoped_ : next_; }
  void probe_taken() { (hoped_ != 0 ? hoped_ : next_) = 0; }

 private:
  void search(std::size_t hoped);
  void end_search(TimePoint now);
  [[nodiscard]] std::size_t next_above_limit() const;

  static constexpr std::size_t kRemembered = 1024;  // packets whose size is known when they are acknowledged

  std::array<std::uint16_t, kRemembered> sizes_{};
  std::uint64_t next_tag_ = 0;
  std::size_t limit_ = kFloor;
  std::size_t proved_ = kFloor;    // the largest this path ever carried
  std::size_t suspect_size_ = 0;   // of the packet that waits for its acknowledgement
  TimePoint suspect_at_ = kNever;  // when it has waited too long

  std::size_t largest_ = kPathSizes.back();
  std::size_t ceiling_ = 0;  // the search ends below this size, or at once when it is acknowledged
  std::size_t hoped_ = 0;    // probes to be sent, 0 for none: this one first
  std::size_t next_ = 0;
  TimePoint probes_end_ = kNever;  // when the last probe has waited too long
  TimePoint raise_at_ = kNever;
  Duration raise_interval_{};
};

}  // namespace softlan::quic
