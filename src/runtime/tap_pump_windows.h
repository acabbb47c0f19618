// Moves frames between a TAP-Windows6 adapter and the client's core.
//
// Reads and writes are overlapped and complete through Asio's completion port: kReads wait at the driver as long as the
// cable is plugged in, and up to kWrites frames may be on their way to it (about 600 KB with their bookkeeping). What
// has come by the end of a round of completions is one turn's batch.
//
// The driver cancels reads while the cable is out, while the machine goes to sleep, and for ever when the adapter is
// disabled or removed: reads that are cancelled with the cable in begin again after a pause, and when that goes on for
// kPatience pauses the adapter is gone. Source: device.c, txpath.c and rxpath.c of TAP-Windows6.
#pragma once

#include <functional>
#include <memory>

#include "base/frame_pool.h"
#include "client/bridge.h"
#include "obs/log.h"
#include "platform/windows/tap_device.h"
#include "runtime/loop.h"

namespace softlan::runtime {

class TapPump final : public client::TapPort {
 public:
  static constexpr std::size_t kReads = 64;
  static constexpr std::size_t kWrites = 2048;
  static constexpr Duration kPause = std::chrono::milliseconds(250);
  static constexpr int kPatience = 20;

  // `set_mtu` is asked to change the MTU of the adapter's IP interfaces; the driver has none to change.
  TapPump(Loop& loop, platform::TapDevice device, FramePool& pool, obs::Log& log,
          std::function<void(std::uint16_t)> set_mtu);
  ~TapPump() override;
  TapPump(const TapPump&) = delete;
  TapPump& operator=(const TapPump&) = delete;

  // Whose frames these are. `on_gone` is called once, in a turn, when the adapter was disabled or removed. Borrowed.
  void start(client::Bridge& bridge, std::function<void()> on_gone);
  [[nodiscard]] const platform::TapDevice& device() const { return device_; }
  // Called after every change of the carrier.
  void on_carrier(std::function<void(bool)> listener) { carrier_listener_ = std::move(listener); }

  // client::TapPort
  std::size_t write(std::span<const FrameRef> frames) override;
  void set_mtu(std::uint16_t mtu) override { set_mtu_(mtu); }
  void set_carrier(bool on) override;

 private:
  struct Flights;

  platform::TapDevice device_;
  obs::Log& log_;
  std::function<void(std::uint16_t)> set_mtu_;
  std::function<void(bool)> carrier_listener_;
  std::shared_ptr<Flights> flights_;  // of the operations that are under way, too
};

}  // namespace softlan::runtime
