#include "runtime/loop.h"

#include <algorithm>
#include <asio/post.hpp>
#include <csignal>
#include <memory>
#include <utility>

#include "platform/clock.h"

namespace softlan::runtime {

Loop::Loop() : timer_(context_), after_(context_), signals_(context_) { begin_turn(); }

void Loop::on_stop_signal(std::function<void(TimePoint)> handler) {
  stop_handler_ = std::move(handler);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) signals_.add(signal);
  wait_for_signal();
}

void Loop::wait_for_signal() {
  signals_.async_wait([this](std::error_code error, int signal) {
    if (error) return;
    const auto& handler = signal == SIGHUP && reload_handler_ ? reload_handler_ : stop_handler_;
    turn(handler);
    wait_for_signal();
  });
}

void Loop::run() {
  turn([](TimePoint) {});
  auto work = asio::make_work_guard(context_);
  context_.run();
}

void Loop::post(std::function<void(TimePoint)> work) {
  asio::post(context_, [this, work = std::move(work)] { turn(work); });
}

void Loop::after(Duration delay, std::function<void()> done) {
  after_.expires_after(delay);
  after_.async_wait([this, done = std::move(done)](std::error_code error) {
    if (!error) turn([&](TimePoint) { done(); });
  });
}

void Loop::begin_turn() { now_ = platform::now(); }

void Loop::end_turn() {
  TimePoint earliest = kNever;
  for (Driven& core : cores_) {
    if (core.next_deadline && core.next_deadline() <= now_) core.on_deadline(now_);
  }
  for (Driven& core : cores_) {
    if (core.flush) core.flush(now_);
  }
  for (Driven& core : cores_) {
    if (core.next_deadline) earliest = std::min(earliest, core.next_deadline());
  }
  set_timer(earliest);
}

// A timer that is set already may go off too early, which costs a turn; setting it anew each turn costs more.
void Loop::set_timer(TimePoint deadline) {
  if (deadline >= timer_set_for_) return;
  timer_set_for_ = deadline;
  timer_.expires_after(std::max(deadline - now_, Duration::zero()));
  timer_.async_wait([this](std::error_code error) {
    if (error) return;
    timer_set_for_ = kNever;
    turn([](TimePoint) {});
  });
}

Watch::Watch(Loop& loop, int fd, std::function<bool(TimePoint)> on_readable)
    : loop_(loop), descriptor_(loop.context(), fd), on_readable_(std::move(on_readable)) {
  wait_readable();
}

Watch::~Watch() {
  *alive_ = false;
  descriptor_.release();  // the fd belongs to somebody else
}

void Watch::wait_readable() {
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this, alive = alive_](std::error_code error) {
    if (!error && *alive) read();
  });
}

void Watch::read() {
  bool more = false;
  const std::shared_ptr<bool> alive = alive_;
  loop_.turn([&](TimePoint now) { more = on_readable_(now); });
  if (!*alive) return;
  if (!more) return wait_readable();
  // The others have their turn in between.
  asio::post(loop_.context(), [this, alive] {
    if (*alive) read();
  });
}

void Watch::wait_writable(std::function<void(TimePoint)> on_writable) {
  descriptor_.async_wait(asio::posix::descriptor_base::wait_write,
                         [this, alive = alive_, on_writable = std::move(on_writable)](std::error_code error) {
                           if (!error && *alive) loop_.turn([&](TimePoint now) { on_writable(now); });
                         });
}

}  // namespace softlan::runtime
