#include "sim/process.h"

#include <algorithm>
#include <utility>

namespace softlan::sim {

Process::Process(Sim& sim, const std::string& name) : sim_(sim), node_(sim.timeline.add_node(name)) {}

Process::~Process() { *alive_ = false; }

void Process::turn(Work work) {
  if (!stopped_) {
    work(sim_.now());
    end_turn();
  } else if (inbox_.size() < kInboxSize) {
    inbox_.push_back(std::move(work));
  } else {
    ++overflowed_;
  }
}

void Process::turn_after(Duration delay, Work work) {
  sim_.scheduler.after(delay, [this, alive = alive_, work = std::move(work)]() mutable {
    if (*alive) turn(std::move(work));
  });
}

void Process::stop() {
  note("stopped");
  stopped_ = was_stopped_ = true;
}

void Process::resume() {
  note("resumed");
  stopped_ = false;
  for (Work& work : std::exchange(inbox_, {})) work(sim_.now());
  end_turn();
}

void Process::end_turn() {
  const TimePoint now = sim_.now();
  if (next_deadline() <= now) on_deadline(now);
  flush(now);
  set_timer();
}

void Process::set_timer() {
  const TimePoint deadline = next_deadline();
  if (deadline == timer_) return;
  timer_ = deadline;
  if (deadline == kNever) return;
  // What a flush makes due at once waits for a clock that has moved on.
  const TimePoint when = std::max(deadline, sim_.now() + std::chrono::microseconds(1));
  sim_.scheduler.at(when, [this, alive = alive_, deadline] {
    if (!*alive || stopped_ || timer_ != deadline) return;
    timer_ = kNever;
    end_turn();
  });
}

}  // namespace softlan::sim
