// Packets that reached the socket of one worker but belong to another: rare where the kernel sorts them
// (platform/linux/reuse_port.h), and all that there is where it does not.
//
//   worker A   socket ── Sorter::own() ── its endpoint
//                            └── Inbox of worker B ── B's loop ── B's endpoint, which answers by B's socket
//
// Packets are copied, a batch at a time, under a lock. Bounded: an inbox that is full drops and counts. Its memory, up
// to 2 * (kMaxBytes + kMaxPackets * 100 bytes), is taken when it is needed first and kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "base/packet_batch.h"
#include "base/time.h"
#include "runtime/loop.h"

namespace softlan::runtime {

// What others have for one worker.
class Inbox {
 public:
  static constexpr std::size_t kMaxPackets = 2048;
  static constexpr std::size_t kMaxBytes = 2 * 1024 * 1024;
  // Told in turns of the owner's loop; `listener` as it was put in.
  using Deliver = std::function<void(TimePoint now, std::size_t listener, std::span<const ReceivedPacket> packets)>;

  // Borrows the owner's loop.
  Inbox(Loop& loop, Deliver deliver) : loop_(loop), deliver_(std::move(deliver)) {}

  // From any thread.
  void put(std::size_t listener, std::span<const ReceivedPacket> packets);

  // Packets taken, by the owner; only in its turns.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }
  // Packets there was no space for.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Item {
    std::size_t listener;
    std::size_t offset;     // in the heap's bytes
    ReceivedPacket packet;  // without its data
    std::size_t size;
  };
  struct Heap {
    std::vector<Item> items;
    std::vector<std::uint8_t> bytes;
  };

  void take(TimePoint now);

  Loop& loop_;
  Deliver deliver_;
  mutable std::mutex mutex_;  // over the next three
  Heap filling_;
  bool woken_ = false;
  std::uint64_t dropped_ = 0;
  Heap reading_;
  std::vector<ReceivedPacket> batch_;
  std::uint64_t taken_ = 0;
};

// Takes apart what one worker's sockets bring.
class Sorter {
 public:
  // `inboxes` of all workers, by index, is borrowed and may be filled until packets come.
  Sorter(std::uint8_t self, const std::vector<Inbox*>& inboxes) : self_(self), inboxes_(inboxes) {}

  // This worker's own packets; the others are on their way. Valid until the next call.
  [[nodiscard]] std::span<const ReceivedPacket> own(std::size_t listener, std::span<const ReceivedPacket> packets);

 private:
  [[nodiscard]] std::uint8_t owner_of(const ReceivedPacket& packet) const;

  std::uint8_t self_;
  const std::vector<Inbox*>& inboxes_;
  std::vector<std::vector<ReceivedPacket>> sorted_;  // by worker
};

}  // namespace softlan::runtime
