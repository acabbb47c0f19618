// Virtual time: events ordered by (time, order of scheduling), run on one thread. An hour of delay costs nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/time.h"

namespace softlan::sim {

class Scheduler {
 public:
  using Action = std::move_only_function<void()>;

  [[nodiscard]] TimePoint now() const { return now_; }
  // Times that have passed count as now.
  void at(TimePoint when, Action action);
  void after(Duration delay, Action action) { at(now_ + delay, std::move(action)); }

  // Runs everything up to and including `end`, where the clock stands afterwards.
  void run_until(TimePoint end);

 private:
  struct Event {
    TimePoint when;
    std::uint64_t sequence;
    Action action;
  };
  static bool later(const Event& a, const Event& b) {
    return a.when != b.when ? a.when > b.when : a.sequence > b.sequence;
  }

  TimePoint now_{std::chrono::seconds(1)};
  std::uint64_t sequence_ = 0;
  std::vector<Event> heap_;  // earliest first
};

}  // namespace softlan::sim
