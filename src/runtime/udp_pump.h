// Moves batches of UDP packets between one socket and one QUIC endpoint.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "base/packet_batch.h"
#include "platform/udp_socket.h"
#include "runtime/loop.h"
#include "runtime/watch.h"

namespace softlan::quic {
class Endpoint;
}

namespace softlan::runtime {

class UdpPump final : public PacketSender {
 public:
  // What of a batch is for the endpoint; valid until it is called again.
  using Sort = std::function<std::span<const ReceivedPacket>(std::span<const ReceivedPacket>)>;

  // `buffers` may be shared by all pumps of a loop.
  UdpPump(Loop& loop, platform::UdpSocket socket, platform::ReceiveBuffers& buffers);

  // Whose packets these are; starts reading. Borrowed. An empty `sort` leaves it everything.
  void start(quic::Endpoint& endpoint, Sort sort = {});
  [[nodiscard]] const SocketAddress& local() const { return socket_.local(); }

  // Goes on with another socket; what the old one had not taken is lost.
  void replace(TimePoint now, platform::UdpSocket socket);

  // PacketSender: keeps what the socket will not take and sends it before anything else.
  bool send(SendBatch& batch) override;

 private:
  void watch();
  bool read(TimePoint now);
  void send_rest(TimePoint now);

  Loop& loop_;
  platform::UdpSocket socket_;
  platform::ReceiveBuffers& buffers_;
  quic::Endpoint* endpoint_ = nullptr;
  Sort sort_;
  SendBatch* unsent_ = nullptr;  // the endpoint's own batch, which it leaves alone until on_writable()
  std::size_t unsent_from_ = 0;
  std::unique_ptr<Watch> watch_;
};

}  // namespace softlan::runtime
