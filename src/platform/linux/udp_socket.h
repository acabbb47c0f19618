// The UDP sockets under QUIC, read and written in batches.
//
// Non-blocking. Packets are never fragmented by the kernel and path-MTU discovery is left to QUIC (RFC 9000, section
// 14). The ECN bits of every packet are seen and set (RFC 3168). Packets that are alike cross the system's border as
// one message where it can do that (UDP GSO and GRO, Linux 4.18 and 5.0). No allocation in receive() and send().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/packet_batch.h"
#include "base/result.h"
#include "platform/linux/file_descriptor.h"
#include "platform/routes.h"
#include "platform/udp_results.h"

namespace softlan::platform {

// Memory for what one receive() brings; one serves any number of sockets in turn. 4 MB of address space, of which
// QUIC's packets touch less than 0.4 MB.
class ReceiveBuffers {
 public:
  static constexpr std::size_t kPacketSize = 2048;
  static constexpr std::size_t kEnoughPackets = 64;    // with so many, receive() asks for no more
  static constexpr std::size_t kMessages = 4;          // that it asks the system for at a time
  static constexpr std::size_t kMessagePackets = 128;  // that the system puts into one message
  static constexpr std::size_t kMaxPackets = kEnoughPackets + kMessages * kMessagePackets;

  ReceiveBuffers();
  ReceiveBuffers(const ReceiveBuffers&) = delete;
  ReceiveBuffers& operator=(const ReceiveBuffers&) = delete;
  ~ReceiveBuffers();

 private:
  friend class UdpSocket;
  struct Slots;
  std::unique_ptr<Slots> slots_;
};

// Whether other sockets of this program may be at the same address and port (reuse_port.h).
enum class PortUse : std::uint8_t { alone, shared };

class UdpSocket {
 public:
  // Listens on `local`, where the IPv6 "any" address means IPv6 only. Replies leave from the address a packet was sent
  // to. Port 0 lets the kernel choose.
  [[nodiscard]] static Result<UdpSocket> bind(const SocketAddress& local, PortUse use = PortUse::alone);

  // Talks to `remote` alone. When `device` is not empty, every packet leaves and enters through that interface,
  // whatever the routing table says: this keeps the tunnel's own packets out of the tunnel.
  [[nodiscard]] static Result<UdpSocket> connect(const SocketAddress& remote, std::string_view device);
  [[nodiscard]] static Result<UdpSocket> connect(const SocketAddress& remote, const Route& through) {
    return connect(remote, through.interface_name);
  }

  [[nodiscard]] int fd() const { return socket_.get(); }
  // For a connected socket also the address that was chosen.
  [[nodiscard]] const SocketAddress& local() const { return local_; }

  // At most kMaxPackets; what a message holds beyond them is dropped and counted.
  [[nodiscard]] Receive receive(ReceiveBuffers& buffers);

  // Sends the packets of `batch` beginning with number `from`. One that the system refuses (too long for the interface,
  // no route, filtered) is skipped like any lost packet and counted. A run that it refuses is sent again one by one.
  [[nodiscard]] SendResult send(const SendBatch& batch, std::size_t from);
  // Whether packets that are alike go as one message: where the system can, until it refuses one that it takes singly.
  [[nodiscard]] bool sends_runs() const { return sends_runs_; }

  // Packets refused on send, and received ones dropped: longer than kPacketSize, or too many.
  [[nodiscard]] std::uint64_t errors() const { return errors_; }

 private:
  UdpSocket(FileDescriptor socket, bool connected) : socket_(std::move(socket)), connected_(connected) {}
  [[nodiscard]] static Result<UdpSocket> open(IpAddress::Family family, bool connected);
  void learn_local();
  void take_message(ReceiveBuffers::Slots& slots, std::size_t slot);

  FileDescriptor socket_;
  SocketAddress local_;
  bool connected_;
  bool sends_runs_ = false;
  std::uint64_t errors_ = 0;
};

}  // namespace softlan::platform
