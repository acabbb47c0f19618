// What players send, as frames: a game, a stream, a copy. In virtual time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "base/frame_pool.h"
#include "base/time.h"

namespace softlan::bench {

// What a frame of these flows says.
struct Note {
  std::uint64_t number = 0;
  TimePoint sent{};
  std::uint64_t received = 0;  // in an acknowledgement: all before this number have come
};

// Ethernet, IPv4, UDP between ports of their own for each flow, `size` bytes in all.
[[nodiscard]] FrameRef make_frame(FramePool& pool, std::uint8_t flow, const Note& note, std::size_t size);
[[nodiscard]] std::uint8_t flow_of(Bytes frame);
[[nodiscard]] Note note_of(Bytes frame);

// Frames of one size, evenly.
class SteadyFlow {
 public:
  SteadyFlow(TimePoint begin, double per_second) : next_(begin), gap_(static_cast<std::int64_t>(1e9 / per_second)) {}

  [[nodiscard]] TimePoint next() const { return next_; }
  [[nodiscard]] Note send(TimePoint now);
  void arrived(TimePoint now, const Note& note) { delays_.push_back(now - note.sent); }

  [[nodiscard]] double lost_percent() const;
  [[nodiscard]] double delay_ms(int percentile) const;

 private:
  TimePoint next_;
  Duration gap_;
  std::uint64_t sent_ = 0;
  std::vector<Duration> delays_;
};

// One TCP connection as it looks from below: CUBIC (RFC 9438) with selective acknowledgements and a fixed limit to its
// timer. Only as exact as a comparison of what lies below it needs.
class Copy {
 public:
  explicit Copy(TimePoint begin) : epoch_(begin), idle_since_(begin) {}

  // Whether the window allows another segment now.
  [[nodiscard]] bool may_send() const { return static_cast<double>(outstanding_.size()) < window_; }
  [[nodiscard]] Note send(TimePoint now);
  void acknowledged(TimePoint now, const Note& note);
  // Nothing came for so long: everything under way counts as lost.
  [[nodiscard]] TimePoint deadline() const { return outstanding_.empty() ? kNever : idle_since_ + timeout_; }
  void on_deadline(TimePoint now);

  // The receiver's end: which segment came, and what to tell the sender.
  [[nodiscard]] Note arrived(const Note& note);
  // Distinct segments that have arrived.
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }

 private:
  void lose(TimePoint now, std::uint64_t before);
  void shrink(TimePoint now, double factor);
  void grow(TimePoint now);

  std::map<std::uint64_t, TimePoint> outstanding_;
  std::set<std::uint64_t> to_repeat_;
  std::uint64_t next_number_ = 0;
  double window_ = 10, threshold_ = 1e9, most_ = 0;  // segments
  TimePoint epoch_, idle_since_, recovery_{};
  Duration round_trip_ = std::chrono::milliseconds(100);
  Duration timeout_ = std::chrono::milliseconds(300);

  std::set<std::uint64_t> out_of_order_;
  std::uint64_t expected_ = 0;
  std::uint64_t delivered_ = 0;
};

}  // namespace softlan::bench
