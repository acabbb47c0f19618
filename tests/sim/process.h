// A program in the simulated world: turns like those of the real event loop, a timer, and signals that stop it.
//
// A turn is: the work that caused it, deadlines that have come, what there is to write. One clock reading each.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sim/sim.h"

namespace softlan::sim {

class Process {
 public:
  using Work = std::move_only_function<void(TimePoint)>;

  Process(Sim& sim, const std::string& name);
  // The end of the process as by SIGKILL: it says nothing more, and nothing that was under way reaches it.
  virtual ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // One turn, now. While the process is stopped its input waits, as much as socket buffers hold; the rest is lost.
  void turn(Work work);
  // One turn after `delay`, unless the process has ended.
  void turn_after(Duration delay, Work work);

  void stop();    // SIGSTOP
  void resume();  // SIGCONT
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] bool was_stopped() const { return was_stopped_; }
  // Inputs that did not fit while it was stopped.
  [[nodiscard]] std::uint64_t overflowed() const { return overflowed_; }

 protected:
  [[nodiscard]] virtual TimePoint next_deadline() const = 0;
  virtual void on_deadline(TimePoint now) = 0;
  virtual void flush(TimePoint now) = 0;

  void note(std::string_view words) { sim_.timeline.note(sim_.now(), node_, words); }

  Sim& sim_;

 private:
  static constexpr std::size_t kInboxSize = 256;

  void end_turn();
  void set_timer();

  Timeline::Node node_;
  bool stopped_ = false;
  bool was_stopped_ = false;  // now or ever
  std::deque<Work> inbox_;
  std::uint64_t overflowed_ = 0;
  TimePoint timer_ = kNever;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace softlan::sim
