#include "runtime/udp_pump.h"

#include <utility>

#include "quic/endpoint.h"

namespace softlan::runtime {

UdpPump::UdpPump(Loop& loop, platform::UdpSocket socket, platform::ReceiveBuffers& buffers)
    : loop_(loop), socket_(std::move(socket)), buffers_(buffers) {}

void UdpPump::start(quic::Endpoint& endpoint, Sort sort) {
  endpoint_ = &endpoint;
  sort_ = std::move(sort);
  watch();
}

void UdpPump::watch() {
  watch_ = std::make_unique<Watch>(loop_, socket_.fd(), [this](TimePoint now) { return read(now); });
}

void UdpPump::replace(TimePoint now, platform::UdpSocket socket) {
  watch_.reset();
  socket_ = std::move(socket);
  watch();
  endpoint_->on_new_local(now, socket_.local());
  if (SendBatch* unsent = std::exchange(unsent_, nullptr)) {
    unsent->clear();
    endpoint_->on_writable(now);
  }
}

bool UdpPump::read(TimePoint now) {
  const platform::Receive received = socket_.receive(buffers_);
  const auto packets = sort_ ? sort_(received.packets) : received.packets;
  loop_.count_frames(packets.size());
  if (!packets.empty()) endpoint_->on_packets(now, packets);
  if (received.unreachable) endpoint_->on_unreachable(now);
  return received.more;
}

bool UdpPump::send(SendBatch& batch) {
  const platform::SendResult result = socket_.send(batch, 0);
  if (result.unreachable) endpoint_->on_unreachable(loop_.now());
  if (!result.blocked) {
    batch.clear();
    return true;
  }
  unsent_ = &batch;
  unsent_from_ = result.sent;
  watch_->wait_writable([this](TimePoint now) { send_rest(now); });
  return false;
}

void UdpPump::send_rest(TimePoint now) {
  const platform::SendResult result = socket_.send(*unsent_, unsent_from_);
  unsent_from_ += result.sent;
  if (result.blocked) return watch_->wait_writable([this](TimePoint later) { send_rest(later); });
  std::exchange(unsent_, nullptr)->clear();
  endpoint_->on_writable(now);
}

}  // namespace softlan::runtime
