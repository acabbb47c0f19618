// Asks a few questions on the LAN, most of them from a MAC that is not this machine's, and listens for five seconds.
//
//   second 0, 1, 2, 3   an ARP probe from the foreign MAC and one from our own, for each address not yet answered to
//   second 0, 2         DHCPDISCOVER from the foreign MAC
//   second 0            a router solicitation from it
//
// At most eight addresses are asked for: this machine's own, then hosts known before, then hosts heard of meanwhile; so
// 67 short frames at the very most. An answer to the foreign MAC proves that the port at the other end takes frames of
// other computers and gives theirs back. Our frames coming back, and the same broadcast again and again, are signs of a
// loop. A core without I/O: told the time and the frames, it sends through its port. Memory is bounded, about 20 KB.
#pragma once

#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "doctor/lan.h"
#include "doctor/probe_frames.h"
#include "proto/ethernet.h"

namespace softlan::doctor {

class LanPort {
 public:
  virtual ~LanPort() = default;
  virtual void send(Bytes frame) = 0;
};

// What is known before.
struct Acquaintance {
  proto::Mac own;
  proto::Mac foreign;             // made up, of nobody
  std::uint32_t transaction = 0;  // of DHCP; any number
  std::vector<IpAddress> own_addresses;
  std::vector<IpAddress> hosts;  // likely to answer
};

class LanProbe {
 public:
  static constexpr Duration kListens = std::chrono::seconds(5);

  // Borrows `port`.
  LanProbe(Acquaintance known, LanPort& port);

  void start(TimePoint now);
  // Any frame heard on the LAN.
  void on_frame(Bytes frame);
  void on_deadline(TimePoint now);
  // kNever when it is over.
  [[nodiscard]] TimePoint next_deadline() const { return next_; }
  [[nodiscard]] bool over() const { return next_ == kNever; }
  [[nodiscard]] const Lan& heard() const { return lan_; }

 private:
  void ask();
  void send_foreign(const Frame& frame);
  void want(const IpAddress& address, bool own = false);
  void on_arp(const proto::FrameView& frame);
  void on_ip(const proto::FrameView& frame);
  void on_softlan(const proto::FrameView& frame);
  void count_broadcast(const proto::FrameView& frame);

  Acquaintance known_;
  LanPort& port_;
  Lan lan_;
  std::unordered_map<std::size_t, unsigned> seen_;  // how often, by hash of the frame
  unsigned round_ = 0;
  TimePoint began_{};
  TimePoint next_ = kNever;
};

}  // namespace softlan::doctor
