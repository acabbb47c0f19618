// The event loop: one thread, one clock reading per turn, one timer for all cores. From other threads only post() and
// stop() may be called.
//
// A turn begins when a descriptor, the timer or a signal has something; `now` is read once and stays. At its end every
// attached core writes what it has (flush) and the timer is set to the earliest deadline. The only rooms that know Asio
// are this one and the files beside it.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <vector>

#include "base/time.h"

namespace softlan::runtime {

// A core as the loop drives it. Functions may be empty.
struct Driven {
  std::function<TimePoint()> next_deadline;
  std::function<void(TimePoint)> on_deadline;
  std::function<void(TimePoint)> flush;
};

class Loop {
 public:
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Cores are driven in the order they were attached.
  void attach(Driven core) { cores_.push_back(std::move(core)); }
  // SIGINT, SIGTERM and SIGHUP call this, in a turn.
  void on_stop_signal(std::function<void(TimePoint)> handler);
  // SIGHUP calls this instead.
  void on_reload_signal(std::function<void(TimePoint)> handler) { reload_handler_ = std::move(handler); }

  // Runs until stop(). Begins with an empty turn, so that what was prepared before is written.
  void run();
  void stop() { context_.stop(); }
  // Runs `work` as a turn of its own, soon.
  void post(std::function<void(TimePoint)> work);
  // Calls `done` in a turn after `delay`; for one thing at a time.
  void after(Duration delay, std::function<void()> done);

  // Runs `work` as one turn.
  template <typename Work>
  void turn(Work&& work) {
    begin_turn();
    work(now_);
    end_turn();
  }
  // Of the present turn.
  [[nodiscard]] TimePoint now() const { return now_; }
  [[nodiscard]] asio::io_context& context() { return context_; }

 private:
  void begin_turn();
  void end_turn();
  void set_timer(TimePoint deadline);
  void wait_for_signal();

  asio::io_context context_{1};
  asio::steady_timer timer_;
  asio::steady_timer after_;
  asio::signal_set signals_;
  std::function<void(TimePoint)> stop_handler_;
  std::function<void(TimePoint)> reload_handler_;
  std::vector<Driven> cores_;
  TimePoint now_{};
  TimePoint timer_set_for_ = kNever;
};

// Watches one descriptor it does not own. `on_readable` answers whether there may be more to read.
class Watch {
 public:
  Watch(Loop& loop, int fd, std::function<bool(TimePoint)> on_readable);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Calls `on_writable` once, in a turn, when the descriptor takes data again.
  void wait_writable(std::function<void(TimePoint)> on_writable);

 private:
  void wait_readable();
  void read();

  Loop& loop_;
  asio::posix::stream_descriptor descriptor_;
  std::function<bool(TimePoint)> on_readable_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace softlan::runtime
