// The event loop: one thread, one clock reading per turn, one alarm for all cores. From other threads only post() and
// stop() may be called.
//
// A turn begins when a descriptor, the alarm or a signal has something; `now` is read once and stays. At its end every
// attached core writes what it has (flush) and the alarm is set to the earliest deadline. The only rooms that know Asio
// are this one and the files beside it.
#pragma once

#include <asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/time.h"
#include "platform/thread_priority.h"
#include "runtime/alarm.h"
#include "runtime/signals.h"

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
  // Called in a turn when the program shall end (signals.h) ...
  void on_stop_signal(std::function<void(TimePoint)> handler);
  // ... or read its files anew; without this it ends then, too.
  void on_reload_signal(std::function<void(TimePoint)> handler) { reload_handler_ = std::move(handler); }

  // The thread that runs the loop may go before the machine's other work.
  void go_first() { goes_first_ = true; }

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
  // So many more have been read by it.
  void count_frames(std::size_t frames) { frames_ += frames; }

  // Of the present turn.
  [[nodiscard]] TimePoint now() const { return now_; }
  [[nodiscard]] asio::io_context& context() { return context_; }

 private:
  void begin_turn();
  void end_turn();
  void set_alarm(TimePoint deadline);
  void on_signal(Signals::Wish wish);

  asio::io_context context_{1};
  Alarm alarm_;
  Alarm after_;
  std::function<void()> after_done_;
  std::unique_ptr<Signals> signals_;
  std::function<void(TimePoint)> stop_handler_;
  std::function<void(TimePoint)> reload_handler_;
  std::vector<Driven> cores_;
  bool goes_first_ = false;
  std::uint64_t frames_ = 0;
  platform::ThreadPriority priority_;
  TimePoint now_{};
  TimePoint alarm_set_for_ = kNever;
};

}  // namespace softlan::runtime
