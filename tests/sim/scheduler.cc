#include "sim/scheduler.h"

#include <algorithm>
#include <utility>

namespace softlan::sim {

void Scheduler::at(TimePoint when, Action action) {
  heap_.push_back({std::max(when, now_), sequence_++, std::move(action)});
  std::ranges::push_heap(heap_, later);
}

void Scheduler::run_until(TimePoint end) {
  while (!heap_.empty() && heap_.front().when <= end) {
    std::ranges::pop_heap(heap_, later);
    Event event = std::move(heap_.back());
    heap_.pop_back();
    now_ = event.when;
    event.action();
  }
  now_ = end;
}

}  // namespace softlan::sim
