// Threads that each run one loop, and how the thread that started them has them do something.
//
// An ask is a turn of the asked loop; the asker waits for its end. Only the thread that started the crew may ask: a
// crew that asked back would wait for ever. What the crew has to tell it posts to the asker's own loop.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <thread>
#include <vector>

#include "base/time.h"
#include "obs/log.h"
#include "runtime/loop.h"

namespace softlan::runtime {

class Crew {
 public:
  using Work = std::function<void(std::size_t member, TimePoint now)>;

  // Starts a thread for every loop; they take no signals. Borrows the loops and `log`. An exception in one of them ends
  // the program, after a line in the log.
  Crew(std::vector<Loop*> loops, obs::Log& log);
  // Stops the loops.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  [[nodiscard]] std::size_t size() const { return loops_.size(); }
  // `work` is run by one member ...
  void ask(std::size_t member, const Work& work);
  // ... or by all of them, at the same time.
  void ask_all(const Work& work);

 private:
  void run(std::size_t member);
  void ask_range(std::size_t first, std::size_t count, const Work& work);

  std::vector<Loop*> loops_;
  obs::Log& log_;
  std::vector<std::thread> threads_;
};

}  // namespace softlan::runtime
