#include "runtime/crew.h"

#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "platform/linux/threads.h"

namespace softlan::runtime {

namespace {

// How many have not done their part yet.
class Countdown {
 public:
  explicit Countdown(std::size_t left) : left_(left) {}

  void done() {
    const std::scoped_lock lock(mutex_);
    if (--left_ == 0) all_done_.notify_one();  // under the lock: whoever waits may destroy this right after
  }
  void wait() {
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_done_;
  std::size_t left_;
};

}  // namespace

Crew::Crew(std::vector<Loop*> loops, obs::Log& log) : loops_(std::move(loops)), log_(log) {
  const platform::SignalsBlocked blocked;
  for (std::size_t member = 0; member < loops_.size(); ++member) {
    threads_.emplace_back([this, member] { run(member); });
  }
}

Crew::~Crew() {
  for (Loop* loop : loops_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
}

void Crew::run(std::size_t member) {
  try {
    loops_[member]->run();
  } catch (const std::exception& error) {
    log_.error("the program ends: one of its threads failed", {{"thread", member}, {"reason", error.what()}});
    std::_Exit(EXIT_FAILURE);
  }
}

void Crew::ask(std::size_t member, const Work& work) { ask_range(member, 1, work); }

void Crew::ask_all(const Work& work) { ask_range(0, loops_.size(), work); }

void Crew::ask_range(std::size_t first, std::size_t count, const Work& work) {
  SOFTLAN_CHECK(first + count <= loops_.size());
  Countdown parts(count);
  for (std::size_t member = first; member < first + count; ++member) {
    loops_[member]->post([&work, &parts, member](TimePoint now) {
      work(member, now);
      parts.done();
    });
  }
  parts.wait();
}

}  // namespace softlan::runtime
