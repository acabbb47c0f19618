#include <asio/windows/object_handle.hpp>
#include <utility>

#include "platform/windows/timer.h"
#include "runtime/alarm.h"

namespace softlan::runtime {

// Always waited for, set or not: a wait that began before the timer was set serves as well.
struct Alarm::Timer : std::enable_shared_from_this<Timer> {
  Timer(asio::io_context& context, std::function<void()> ring)
      : handle(context, platform::create_timer()), on_ring(std::move(ring)) {}

  void wait() {
    handle.async_wait([timer = weak_from_this()](std::error_code error) {
      const auto here = timer.lock();
      if (error || !here) return;
      here->wait();
      here->on_ring();
    });
  }

  asio::windows::object_handle handle;
  std::function<void()> on_ring;
};

Alarm::Alarm(asio::io_context& context, std::function<void()> on_ring)
    : timer_(std::make_shared<Timer>(context, std::move(on_ring))) {
  timer_->wait();
}

Alarm::~Alarm() = default;

void Alarm::set(Duration delay) { platform::set_timer(timer_->handle.native_handle(), delay); }

}  // namespace softlan::runtime
