// One overlay leg between a member and the relay: frames in and out on one side, datagrams on the other.
//
// Out: a fair, bounded queue, and the split of a frame into datagrams at the moment of sending, by the budget of that
// moment. In: parsing, reassembly, and a name for everything that cannot be used. It belongs to one connection, asks
// nothing of it but a budget, and never allocates once warm. docs/life-of-a-frame.md, stations "open" and "seal".
#pragma once

#include <array>
#include <cstddef>

#include "base/frame_pool.h"
#include "base/ring.h"
#include "base/time.h"
#include "egress/send_queue.h"
#include "link/link.h"
#include "obs/counters.h"
#include "proto/fragment.h"
#include "proto/overlay.h"

namespace softlan::link {

class Leg {
 public:
  // The next datagram: header bytes, then a body that lies in the queued frame.
  struct Outgoing {
    std::array<std::uint8_t, proto::kEchoSize> header_bytes{};
    std::size_t header_size = 0;
    Bytes body;

    [[nodiscard]] Bytes header() const { return Bytes(header_bytes).first(header_size); }
    [[nodiscard]] std::size_t size() const { return header_size + body.size(); }
  };

  // What a received datagram came to: a frame or echo in `received`, or a reason, or neither (wait for more parts).
  struct Incoming {
    Received received;
    bool ready = false;
    obs::DropReason drop = obs::DropReason::none;
  };

  // `salt` is for the queue.
  Leg(FramePool& pool, egress::QueueBounds bounds, std::uint64_t salt = 0)
      : pool_(pool), queue_(bounds, salt, counters_.out), reassembler_(pool) {}
  Leg(const Leg&) = delete;
  Leg& operator=(const Leg&) = delete;

  void push_frame(TimePoint now, PeerId sender, FrameRef frame) { queue_.push(now, sender, std::move(frame)); }
  // Counts a frame that cannot even be queued.
  void refuse(obs::DropReason reason) { counters_.out.drop(reason); }
  // Nothing leaves any more: what is queued is dropped as link_down.
  void abandon() { queue_.clear(obs::DropReason::link_down); }
  // Echoes go ahead of frames; beyond kMaxEchoes the new one is dropped.
  void push_echo(PeerId sender, const proto::Echo& echo);

  // The datagram to send next, of at most `budget` bytes, or null. It stays next until sent() says it has left.
  [[nodiscard]] const Outgoing* next(TimePoint now, std::size_t budget, egress::Turn turn = egress::Turn::every_flow);
  void sent();
  [[nodiscard]] bool idle() const { return queue_.empty() && echoes_.empty(); }
  [[nodiscard]] std::size_t queued_bytes() const { return queue_.bytes(); }
  [[nodiscard]] TimePoint queued_since() const { return queue_.oldest(); }

  [[nodiscard]] Incoming on_datagram(TimePoint now, Bytes datagram);
  // Gives up frames whose parts never came.
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return reassembler_.next_deadline(); }

  [[nodiscard]] const obs::Counters& counters() const { return counters_; }

 private:
  static constexpr std::size_t kMaxEchoes = 64;

  struct QueuedEcho {
    PeerId sender = kRelayPeer;
    proto::Echo echo;
  };

  void prepare_part(const egress::SendQueue::Entry& entry, std::size_t budget);
  Incoming on_fragment(TimePoint now, const proto::OverlayDatagram& datagram);
  Incoming dropped(obs::DropReason reason);
  Incoming delivered(PeerId sender, FrameRef frame);

  FramePool& pool_;
  obs::Counters counters_;
  egress::SendQueue queue_;
  Ring<QueuedEcho> echoes_;
  proto::Reassembler reassembler_;
  Outgoing outgoing_;
  bool outgoing_is_echo_ = false;
  std::uint16_t next_frame_id_ = 0;
};

}  // namespace softlan::link
