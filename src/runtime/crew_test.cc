#include "runtime/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <set>

namespace softlan::runtime {
namespace {

class ACrew : public testing::Test {
 protected:
  ACrew() {
    for (auto& loop : loops_) borrowed_.push_back(&loop);
  }

  obs::Log log_ = obs::Log::quiet();
  std::array<Loop, 3> loops_;
  std::vector<Loop*> borrowed_;
};

TEST_F(ACrew, WorksInThreadsOfItsOwn) {
  Crew crew(borrowed_, log_);
  std::array<std::thread::id, 3> threads;
  crew.ask_all([&](std::size_t member, TimePoint) { threads[member] = std::this_thread::get_id(); });
  EXPECT_EQ(std::set(threads.begin(), threads.end()).size(), 3u);
  for (const auto& thread : threads) EXPECT_NE(thread, std::this_thread::get_id());
}

TEST_F(ACrew, HasDoneWhatItWasAskedWhenTheAskerGoesOn) {
  Crew crew(borrowed_, log_);
  int sum = 0;  // of nobody but who is asked and waited for
  for (int i = 0; i < 100; ++i) crew.ask(1, [&](std::size_t member, TimePoint) { sum += static_cast<int>(member); });
  EXPECT_EQ(sum, 100);
}

TEST_F(ACrew, DoesItInATurn) {
  int flushes = 0;
  loops_[2].attach({.next_deadline = {}, .on_deadline = {}, .flush = [&](TimePoint) { ++flushes; }});
  {
    Crew crew(borrowed_, log_);
    TimePoint told{};
    crew.ask(2, [&](std::size_t, TimePoint now) { told = now; });
    EXPECT_NE(told, TimePoint{});
  }
  EXPECT_GE(flushes, 1);
}

TEST_F(ACrew, TellsItsStarterThingsByItsLoop) {
  Loop starter;
  int told = 0;
  Crew crew(borrowed_, log_);
  crew.ask_all([&](std::size_t, TimePoint) {
    starter.post([&](TimePoint) {
      if (++told == 3) starter.stop();
    });
  });
  starter.run();
  EXPECT_EQ(told, 3);
}

TEST_F(ACrew, TakesNoSignals) {
  Crew crew(borrowed_, log_);
  std::atomic<int> blocked = 0;
  crew.ask_all([&](std::size_t, TimePoint) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked += sigismember(&mask, SIGTERM);
  });
  EXPECT_EQ(blocked, 3);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

TEST(ACrewDeathTest, EndsTheProgramWithOneSentenceWhenItFails) {
  EXPECT_EXIT(
      {
        obs::Log log(obs::Level::info, obs::LogFormat::text);
        Loop loop;
        Crew crew({&loop}, log);
        crew.ask(0, [](std::size_t, TimePoint) { throw std::runtime_error("no memory left"); });
      },
      testing::ExitedWithCode(1), "one of its threads failed.*no memory left");
}

}  // namespace
}  // namespace softlan::runtime
