#include <algorithm>
#include <asio/steady_timer.hpp>
#include <utility>

#include "runtime/alarm.h"

namespace softlan::runtime {

struct Alarm::Timer {
  asio::steady_timer timer;
  std::function<void()> on_ring;
};

Alarm::Alarm(asio::io_context& context, std::function<void()> on_ring)
    : timer_(std::make_shared<Timer>(asio::steady_timer(context), std::move(on_ring))) {}

Alarm::~Alarm() = default;

void Alarm::set(Duration delay) {
  timer_->timer.expires_after(std::max(delay, Duration::zero()));
  timer_->timer.async_wait([timer = timer_.get()](std::error_code error) {
    if (!error) timer->on_ring();
  });
}

}  // namespace softlan::runtime
