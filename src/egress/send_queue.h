// Frames waiting for one peer: bounded in bytes and in time, the oldest dropped first.
//
// QUIC's congestion control decides when a datagram may leave, so this is the only place where a backlog forms
// (RFC 9221, section 5.4). Counts what it drops. One thread; no allocation once warm.
#pragma once

#include <cstddef>

#include "base/frame_pool.h"
#include "base/ids.h"
#include "base/ring.h"
#include "base/time.h"
#include "obs/counters.h"

namespace softlan::egress {

struct QueueBounds {
  std::size_t bytes = 1 << 20;
  Duration age = std::chrono::milliseconds(50);
};

class SendQueue {
 public:
  struct Entry {
    FrameRef frame;
    PeerId sender = kRelayPeer;
    TimePoint queued{};
    std::size_t sent = 0;  // bytes of the frame that have left already, for whoever sends it in parts
  };

  // Borrows `counters`, where drops are counted as queue_full and queue_late.
  SendQueue(QueueBounds bounds, obs::DirectionCounters& counters) : bounds_(bounds), counters_(counters) {}

  void push(TimePoint now, PeerId sender, FrameRef frame);
  // The frame whose turn it is, null when none is. What has waited too long is dropped on the way, unless a part of
  // it has left already.
  [[nodiscard]] Entry* front(TimePoint now);
  // The frame front() gave, without looking at the clock again.
  [[nodiscard]] Entry& current() { return ring_.front(); }
  void pop();
  // Drops everything.
  void clear(obs::DropReason reason);

  [[nodiscard]] bool empty() const { return ring_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  // When the frame that waits longest came; kNever when none does.
  [[nodiscard]] TimePoint oldest() const { return ring_.empty() ? kNever : ring_.front().queued; }

 private:
  QueueBounds bounds_;
  obs::DirectionCounters& counters_;
  Ring<Entry> ring_;
  std::size_t bytes_ = 0;
};

}  // namespace softlan::egress
