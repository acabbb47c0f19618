// A timer that rings once, as precisely as the system can: Asio's own are up to 16 ms late on Windows.
#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <memory>

#include "base/time.h"

namespace softlan::runtime {

class Alarm {
 public:
  // `on_ring` is called by the thread that runs `context`; it may come too early, when the alarm is set anew while it
  // rings.
  Alarm(asio::io_context& context, std::function<void()> on_ring);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // Rings after `delay`, and no longer when it was to ring before.
  void set(Duration delay);

 private:
  struct Timer;
  std::shared_ptr<Timer> timer_;
};

}  // namespace softlan::runtime
