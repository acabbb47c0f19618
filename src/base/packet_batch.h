// UDP datagrams in batches: the seam between QUIC and the sockets, in both directions.
//
// Completion-shaped: whoever owns the socket hands over what has arrived, or takes what is to be sent. A SendBatch
// keeps its packets back to back in one buffer, which serves sendmmsg now and UDP GSO as well.
#pragma once

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
  void commit(std::size_t size, const NetworkPath& path, std::uint8_t ecn) {
    packets_.push_back({used_, size, path, ecn});
    used_ += size;
  }
  [[nodiscard]] std::span<const Packet> packets() const { return packets_; }
  [[nodiscard]] Bytes data(const Packet& packet) const { return Bytes(buffer_).subspan(packet.offset, packet.size); }
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

// Whoever can put a batch on the network.
class PacketSender {
 public:
  virtual ~PacketSender() = default;
  // Sends every packet and clears the batch. After false the system would not take all of it yet: leave the batch
  // alone until the owner of the socket has sent the rest, cleared it and said that it is writable again.
  virtual bool send(SendBatch& batch) = 0;
};

}  // namespace softlan
