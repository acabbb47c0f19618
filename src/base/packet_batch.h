// UDP datagrams in batches: the seam between QUIC and the sockets, in both directions.
//
// Completion-shaped: whoever owns the socket hands over what has arrived, or takes what is to be sent. A SendBatch
// keeps its packets back to back in one buffer. So packets that are alike are one message to the system, which takes
// them apart as late as it can (UDP GSO), and puts together what arrives (UDP GRO).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"

namespace softlan {

// One received UDP datagram; `data` is valid until the call that delivered it returns.
struct ReceivedPacket {
  Bytes data;
  NetworkPath path;
  std::uint8_t ecn = 0;  // the two ECN bits of the IP header (RFC 3168)
};

// Packets waiting to be sent, in order.
class SendBatch {
 public:
  struct Packet {
    std::size_t offset = 0;
    std::size_t size = 0;
    NetworkPath path;
    std::uint8_t ecn = 0;
    bool alone = false;  // never in one message with others
  };

  SendBatch(std::size_t capacity_bytes, std::size_t capacity_packets) : buffer_(capacity_bytes) {
    packets_.reserve(capacity_packets);
  }

  // Room for one packet of at most `max_size` bytes, or empty when the batch is full.
  [[nodiscard]] MutableBytes reserve(std::size_t max_size) {
    if (packets_.size() == packets_.capacity() || buffer_.size() - used_ < max_size) return {};
    return MutableBytes(buffer_).subspan(used_, max_size);
  }
  // The first `size` bytes of the room last reserved are a packet.
  void commit(std::size_t size, const NetworkPath& path, std::uint8_t ecn, bool alone = false) {
    packets_.push_back({used_, size, path, ecn, alone});
    used_ += size;
  }
  [[nodiscard]] std::span<const Packet> packets() const { return packets_; }
  [[nodiscard]] Bytes data(const Packet& packet) const { return Bytes(buffer_).subspan(packet.offset, packet.size); }
  // Of consecutive packets, at least one.
  [[nodiscard]] Bytes data(std::span<const Packet> run) const {
    return Bytes(buffer_).subspan(run.front().offset, run.back().offset + run.back().size - run.front().offset);
  }
  [[nodiscard]] bool empty() const { return packets_.empty(); }
  void clear() {
    packets_.clear();
    used_ = 0;
  }

 private:
  std::vector<std::uint8_t> buffer_;
  std::vector<Packet> packets_;
  std::size_t used_ = 0;
};

// What a message of several packets may hold: the segments Linux takes at least, and what fits behind IP headers of
// either family.
constexpr std::size_t kMaxRunPackets = 64;
constexpr std::size_t kMaxRunBytes = 65'000;

// How many of `packets`, beginning with the first, can go as one message: to the same place with the same ECN bits, and
// all as long as the first but for the last, which may be shorter. At least 1 unless there are none.
[[nodiscard]] inline std::size_t run_length(std::span<const SendBatch::Packet> packets) {
  if (packets.empty()) return 0;
  const SendBatch::Packet& first = packets.front();
  const std::size_t most = first.size == 0 || first.alone ? 1 : std::min(kMaxRunPackets, kMaxRunBytes / first.size);
  std::size_t length = 1;
  while (length < std::min(most, packets.size())) {
    const SendBatch::Packet& next = packets[length];
    if (next.size == 0 || next.alone || next.size > first.size || next.ecn != first.ecn || next.path != first.path)
      break;
    ++length;
    if (next.size < first.size) break;
  }
  return length;
}

// Cuts the next packet off a message of packets that are all `size` bytes long but for the last, which may be shorter.
// A message with a `size` of 0 is one packet.
[[nodiscard]] inline Bytes take_packet(Bytes& message, std::size_t size) {
  const Bytes packet = size == 0 ? message : message.first(std::min(size, message.size()));
  message = message.subspan(packet.size());
  return packet;
}

// Whoever can put a batch on the network.
class PacketSender {
 public:
  virtual ~PacketSender() = default;
  // Sends every packet and clears the batch. After false the system would not take all of it yet: leave the batch
  // alone until the owner of the socket has sent the rest, cleared it and said that it is writable again.
  virtual bool send(SendBatch& batch) = 0;
};

}  // namespace softlan
