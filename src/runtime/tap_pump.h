// Moves frames between the TAP and the client's core.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/frame_pool.h"
#include "client/bridge.h"
#include "obs/log.h"
#include "platform/linux/tap.h"
#include "runtime/loop.h"
#include "runtime/watch.h"

namespace softlan::runtime {

class TapPump final : public client::TapPort {
 public:
  TapPump(Loop& loop, platform::Tap tap, FramePool& pool, obs::Log& log);

  // Whose frames these are; starts reading. `on_gone` is called when somebody deletes the interface. Borrowed.
  void start(client::Bridge& bridge, std::function<void()> on_gone);
  [[nodiscard]] const platform::Tap& tap() const { return tap_; }
  // Called after every change of the carrier.
  void on_carrier(std::function<void(bool)> listener) { carrier_listener_ = std::move(listener); }

  // client::TapPort
  std::size_t write(std::span<const FrameRef> frames) override { return tap_.write(frames); }
  void set_mtu(std::uint16_t mtu) override;
  void set_carrier(bool on) override;

 private:
  bool read(TimePoint now);

  Loop& loop_;
  platform::Tap tap_;
  FramePool& pool_;
  obs::Log& log_;
  client::Bridge* bridge_ = nullptr;
  std::function<void()> on_gone_;
  std::function<void(bool)> carrier_listener_;
  std::vector<FrameRef> frames_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace softlan::runtime
