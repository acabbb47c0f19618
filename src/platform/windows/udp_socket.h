// The UDP socket under QUIC, read and written in batches.
//
// Non-blocking. Packets are never fragmented by the system and path-MTU discovery is left to QUIC (RFC 9000, section
// 14). ECN bits are neither seen nor set. No allocation in receive() and send().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/packet_batch.h"
#include "base/result.h"
#include "platform/routes.h"
#include "platform/udp_results.h"
#include "platform/windows/socket_handle.h"

namespace softlan::platform {

// Memory for what one receive() brings; one serves any number of sockets in turn. 130 KB.
class ReceiveBuffers {
 public:
  static constexpr std::size_t kPacketSize = 2048;
  static constexpr std::size_t kMaxPackets = 64;

  ReceiveBuffers();
  ReceiveBuffers(const ReceiveBuffers&) = delete;
  ReceiveBuffers& operator=(const ReceiveBuffers&) = delete;
  ~ReceiveBuffers();

 private:
  friend class UdpSocket;
  struct Slots;
  std::unique_ptr<Slots> slots_;
};

class UdpSocket {
 public:
  // Talks to `remote` alone. When `through` names an interface, every packet leaves through it and from its source
  // address, whatever the routing table says: this keeps the tunnel's own packets out of the tunnel.
  [[nodiscard]] static Result<UdpSocket> connect(const SocketAddress& remote, const Route& through = {});

  [[nodiscard]] NativeSocket fd() const { return socket_.get(); }
  [[nodiscard]] const SocketAddress& local() const { return path_.local; }

  [[nodiscard]] Receive receive(ReceiveBuffers& buffers);

  // Sends the packets of `batch` beginning with number `from`. One that the system refuses (too long for the interface,
  // no route, filtered) is skipped like any lost packet and counted.
  [[nodiscard]] SendResult send(const SendBatch& batch, std::size_t from);

  // Packets refused on send, and received ones dropped because they are longer than kPacketSize.
  [[nodiscard]] std::uint64_t errors() const { return errors_; }

 private:
  explicit UdpSocket(SocketHandle socket) : socket_(std::move(socket)) {}

  SocketHandle socket_;
  NetworkPath path_;
  std::uint64_t errors_ = 0;
};

}  // namespace softlan::platform
