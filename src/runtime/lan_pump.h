// Moves frames between the party's LAN and the gateway's core, and keeps at it when the interface goes and returns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/frame_pool.h"
#include "gateway/bridge.h"
#include "obs/log.h"
#include "platform/linux/packet_socket.h"
#include "proto/offload.h"
#include "runtime/loop.h"

namespace softlan::runtime {

class LanPump final : public gateway::LanPort, private proto::FrameSink {
 public:
  LanPump(Loop& loop, platform::PacketSocket socket, FramePool& pool, obs::Log& log);

  // Whose frames these are; starts reading. Borrowed.
  void start(gateway::Bridge& bridge);

  // gateway::LanPort
  std::size_t write(std::span<const FrameRef> frames) override;

 private:
  bool read(TimePoint now);
  void on_frame(FrameRef frame) override { frames_.push_back(std::move(frame)); }
  void reopen();
  void retry();

  Loop& loop_;
  std::unique_ptr<platform::PacketSocket> socket_;  // null while the interface is gone
  std::string interface_;
  FramePool& pool_;
  obs::Log& log_;
  gateway::Bridge* bridge_ = nullptr;
  std::vector<FrameRef> frames_;
  std::unique_ptr<Watch> watch_;
  asio::steady_timer retry_;
};

}  // namespace softlan::runtime
