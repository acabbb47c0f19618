#include "runtime/loop.h"

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

#include "platform/clock.h"

namespace softlan::runtime {

Loop::Loop()
    : alarm_(context_,
             [this] {
               alarm_set_for_ = kNever;
               turn([](TimePoint) {});
             }),
      after_(context_, [this] { turn([done = std::exchange(after_done_, {})](TimePoint) { done(); }); }) {
  begin_turn();
}

void Loop::on_stop_signal(std::function<void(TimePoint)> handler) {
  stop_handler_ = std::move(handler);
  signals_ = std::make_unique<Signals>(context_, [this](Signals::Wish wish) { on_signal(wish); });
}

void Loop::on_signal(Signals::Wish wish) {
  turn(wish == Signals::Wish::reload && reload_handler_ ? reload_handler_ : stop_handler_);
}

void Loop::run() {
  if (goes_first_) priority_.request();
  turn([](TimePoint) {});
  auto work = asio::make_work_guard(context_);
  context_.run();
}

void Loop::post(std::function<void(TimePoint)> work) {
  asio::post(context_, [this, work = std::move(work)] { turn(work); });
}

void Loop::after(Duration delay, std::function<void()> done) {
  after_done_ = std::move(done);
  after_.set(delay);
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
  set_alarm(earliest);
  priority_.check(now_, frames_);
}

// An alarm that is set already may ring too early, which costs a turn; setting it anew each turn costs more.
void Loop::set_alarm(TimePoint deadline) {
  if (deadline >= alarm_set_for_) return;
  alarm_set_for_ = deadline;
  alarm_.set(deadline - now_);
}

}  // namespace softlan::runtime
