// When a thread that moves frames should be a real-time one, which goes before all ordinary threads of the machine.
//
//                    the processors are contended
//         ordinary ────────────────────────────────> first
//            ^  ^     calm for kCalmTime                │
//            │  └───────────────────────────────────────┤
//            │  the pause is over                       │ greedy for kGreedyTime
//          barred <─────────────────────────────────────┘
//
// While nobody waits for a processor an ordinary thread has one at once, and the scheduler may place it where its
// packets are: a real-time one stays on its own processor, which has to be woken up first. When they are contended an
// ordinary thread that wakes up waits until another's slice is over.
//
// Nobody else gets a turn while a real-time thread has work. So a greedy one is ordinary for a pause: one that takes
// nearly all of a processor, as in a flood; or wakes up for every single packet of very many, which leaves those who
// send and receive them no time, and itself no batches. Pauses grow when it is greedy again soon after one.
//
// Pure: no I/O, no clock.
#pragma once

#include "base/time.h"

namespace softlan::platform {

class PriorityRule {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds(100);

  // In percent: of the time, with somebody waiting for a processor ...
  static constexpr int kContended = 25;
  static constexpr int kCalm = 10;
  // ... and of a processor.
  static constexpr int kTooMuch = 80;
  static constexpr int kMuch = 25;
  static constexpr int kOften = 4000;                                      // sleeps a second
  static constexpr int kFewFrames = 6;                                     // for each of them
  static constexpr Duration kGreedyTime = std::chrono::milliseconds(500);  // the beginning of a copy looks like a flood
  static constexpr Duration kCalmTime = std::chrono::seconds(1);
  static constexpr Duration kFirstPause = std::chrono::seconds(10);
  static constexpr Duration kLongestPause = std::chrono::seconds(80);

  // What happened in the time that `passed`, about kInterval.
  struct Interval {
    Duration passed;     // > 0
    Duration processor;  // that the thread took
    long sleeps;         // of the thread
    long frames;         // that it moved
    Duration contended;  // somebody waited for a processor of the machine
  };

  // Whether the thread should go first from now on.
  bool decide(TimePoint now, const Interval& interval);

 private:
  void pause(TimePoint now);

  bool first_ = false;
  TimePoint greedy_since_ = kNever, calm_since_ = kNever;
  TimePoint barred_until_{};
  Duration pause_ = kFirstPause;
};

}  // namespace softlan::platform
