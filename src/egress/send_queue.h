// Frames waiting for one peer: fair between flows, bounded in bytes and in time (FQ-CoDel, RFC 8290).
//
// QUIC's congestion control decides when a datagram may leave, so this is the only place where a backlog forms
// (RFC 9221, section 5.4).
//
//   push() -> one of 256 flows (proto/flow_key.h), first in first out -> front()
//
//   new flows   come first, each with a frame's worth of bytes: who sends little never waits for those who send much
//   old flows   in turns of a frame's worth (deficit round robin): those that had more to send than that
//
// So the order within a flow always holds, and a frame's size or kind gives it no precedence. What waits too long is
// dropped on its way out (queue_late; queue_standing by egress/codel.h); what is too much, on its way in: the oldest
// frame of the flow with most bytes (queue_full). docs/queues.md says why.
//
// One thread; no allocation once warm. 15 KiB from the first frame on, and 32 bytes for each frame that ever waited at
// the same time as others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/frame_pool.h"
#include "base/ids.h"
#include "base/time.h"
#include "egress/codel.h"
#include "obs/counters.h"

namespace softlan::egress {

struct QueueBounds {
  std::size_t bytes = 1 << 20;
  Duration age = std::chrono::milliseconds(50);
};

// Whose frames may leave now.
enum class Turn : std::uint8_t { every_flow, new_flows };

class SendQueue {
 public:
  struct Entry {
    FrameRef frame;
    TimePoint queued{};
    PeerId sender = kRelayPeer;
    std::uint16_t sent = 0;  // bytes of the frame that have left already, when it leaves in parts
  };

  // Borrows `counters`. `salt` spreads flows over their places in a way that nobody else knows.
  SendQueue(QueueBounds bounds, std::uint64_t salt, obs::DirectionCounters& counters)
      : bounds_(bounds), salt_(salt), counters_(counters) {}

  void push(TimePoint now, PeerId sender, FrameRef frame);
  // The frame whose turn it is, null when none is. One of which a part has left stays the one until its end has.
  [[nodiscard]] const Entry* front(TimePoint now, Turn turn = Turn::every_flow);
  // The frame front() gave last; only before anything else was called.
  [[nodiscard]] const Entry& current() const { return begun_.frame ? begun_ : nodes_[flows_[turn_].head].entry; }
  // So much of it has left; true when that was the rest.
  bool sent(std::size_t bytes);
  // Drops everything.
  void clear(obs::DropReason reason);

  [[nodiscard]] bool empty() const { return frames_ == 0 && !begun_.frame; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }  // without a frame of which a part has left
  // When the frame that waits longest came; kNever when none does.
  [[nodiscard]] TimePoint oldest() const;

 private:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;
  static constexpr std::size_t kFlows = 256;
  static constexpr Index kWays = 8;  // places one flow may have
  static constexpr std::int32_t kQuantum = kMaxFrameSize;

  struct Node {
    Entry entry;
    Index next = kNone;
  };
  struct Flow {
    Index head = kNone;  // of its frames
    Index tail = kNone;
    std::int32_t deficit = 0;  // bytes it may still send in this turn
    std::uint32_t tag = 0;     // of the flow that has this place
    Index next = kNone;        // flow of the same list
    bool listed = false;
    Codel codel;
  };
  struct List {
    Index head = kNone;
    Index tail = kNone;
  };

  [[nodiscard]] Index place_of(std::uint64_t key);
  void append(List& list, Index flow);
  void remove_head(List& list);
  // Moves the first flow of `list` to the end of the old ones.
  void end_turn(List& list);
  void on_empty(List& list);
  void add(Index flow, Entry entry);
  Entry take(Index flow);
  void drop_stale(TimePoint now, Index flow);
  void drop_from_fattest();

  QueueBounds bounds_;
  std::uint64_t salt_;
  obs::DirectionCounters& counters_;
  std::vector<Flow> flows_;             // kFlows of them once there was a frame
  std::vector<std::uint32_t> backlog_;  // bytes of each flow
  std::vector<Node> nodes_;             // frames of all flows, and places for more
  Index free_ = kNone;                  // the first of those
  List new_;
  List old_;
  Index turn_ = kNone;  // the flow front() chose
  Entry begun_;         // of which a part has left, not counted in what follows
  std::size_t frames_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace softlan::egress
