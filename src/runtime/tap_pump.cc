#include "runtime/tap_pump.h"

#include <utility>

namespace softlan::runtime {

namespace {
constexpr std::size_t kBatch = 512;
constexpr std::size_t kMostFrames = 2048;  // with what one super-frame may bring
}  // namespace

TapPump::TapPump(Loop& loop, platform::Tap tap, FramePool& pool, obs::Log& log)
    : loop_(loop), tap_(std::move(tap)), pool_(pool), log_(log) {
  frames_.reserve(kMostFrames);
}

void TapPump::start(client::Bridge& bridge, std::function<void()> on_gone) {
  bridge_ = &bridge;
  on_gone_ = std::move(on_gone);
  watch_ = std::make_unique<Watch>(loop_, tap_.fd(), [this](TimePoint now) { return read(now); });
}

bool TapPump::read(TimePoint now) {
  const platform::Tap::ReadResult result = tap_.read(pool_, frames_, kBatch);
  bridge_->on_tap_drops(obs::DropReason::jumbo, result.oversized);
  bridge_->on_tap_drops(obs::DropReason::no_buffer, result.no_buffer);
  bridge_->on_tap_drops(obs::DropReason::bad_offload, result.bad_offload);
  loop_.count_frames(frames_.size());
  bridge_->on_tap_frames(now, frames_);
  frames_.clear();
  if (result.gone) on_gone_();
  return result.more && !result.gone;
}

void TapPump::set_mtu(std::uint16_t mtu) {
  if (const auto set = tap_.set_mtu(mtu); !set) log_.warn("mtu not set", {{"reason", set.error().message}});
}

void TapPump::set_carrier(bool on) {
  if (const auto set = tap_.set_carrier(on); !set) log_.warn("carrier not set", {{"reason", set.error().message}});
  if (carrier_listener_) carrier_listener_(on);
}

}  // namespace softlan::runtime
