#include "runtime/lan_pump.h"

#include <utility>

namespace softlan::runtime {

namespace {
constexpr std::size_t kBatch = 64;
constexpr Duration kRetry = std::chrono::seconds(1);
}  // namespace

LanPump::LanPump(Loop& loop, platform::PacketSocket socket, FramePool& pool, obs::Log& log)
    : loop_(loop),
      socket_(std::make_unique<platform::PacketSocket>(std::move(socket))),
      interface_(socket_->interface()),
      pool_(pool),
      log_(log),
      retry_(loop.context()) {
  frames_.reserve(4096);
}

void LanPump::start(gateway::Bridge& bridge) {
  bridge_ = &bridge;
  watch_ = std::make_unique<Watch>(loop_, socket_->fd(), [this](TimePoint now) { return read(now); });
}

bool LanPump::read(TimePoint now) {
  if (!socket_) return false;
  const platform::PacketSocket::ReadResult result = socket_->read(pool_, *this, kBatch);
  bridge_->on_lan_drops(obs::DropReason::no_buffer, result.no_buffer);
  bridge_->on_lan_drops(obs::DropReason::jumbo, result.jumbo);
  bridge_->on_lan_drops(obs::DropReason::bad_offload, result.bad_offload);
  bridge_->on_lan_frames(now, frames_);
  frames_.clear();
  if (result.down) log_.warn("the interface was taken down; waiting for it to come up", {{"interface", interface_}});
  if (result.gone) {
    log_.warn("the interface is gone; waiting for it to return", {{"interface", interface_}});
    socket_.reset();
    retry();
    return false;
  }
  return result.more;
}

void LanPump::retry() {
  retry_.expires_after(kRetry);
  retry_.async_wait([this](std::error_code error) {
    if (!error) reopen();
  });
}

void LanPump::reopen() {
  auto opened = platform::PacketSocket::open(interface_);
  if (!opened) return retry();
  socket_ = std::make_unique<platform::PacketSocket>(std::move(*opened));
  watch_ = std::make_unique<Watch>(loop_, socket_->fd(), [this](TimePoint now) { return read(now); });
  log_.info("the interface is back", {{"interface", interface_}});
}

std::size_t LanPump::write(std::span<const FrameRef> frames) {
  return socket_ ? socket_->write(frames) : frames.size();
}

}  // namespace softlan::runtime
