#include "runtime/status_server.h"

#include <gmock/gmock.h>

#include <asio/post.hpp>
#include <thread>

#include "platform/linux/temporary_folder.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr std::size_t kEnough = 10'000'000;

class AStatusServer : public testing::Test {
 protected:
  // Runs the server while `asking` goes on beside it.
  void serve_while(const std::function<void()>& asking) {
    StatusServer server(loop_, platform::LocalListener::open(path_).value(),
                        [this](TimePoint, std::span<const std::string> words) {
                          heard_.assign(words.begin(), words.end());
                          return answer_;
                        });
    std::thread beside([&] {
      asking();
      asio::post(loop_.context(), [this] { loop_.stop(); });
    });
    loop_.run();
    beside.join();
  }
  [[nodiscard]] Result<std::string> ask(std::string_view question) const {
    return platform::ask(path_, question, kEnough, 5s);
  }

  platform::TemporaryFolder folder_ = platform::TemporaryFolder::create("softlan-status-server-").value();
  std::string path_ = folder_.path() + "/program.sock";
  Loop loop_;
  Answer answer_{.ok = true, .text = "all is well\n"};
  std::vector<std::string> heard_;
};

TEST_F(AStatusServer, PassesOnWordsAndAnswersThem) {
  serve_while([&] { EXPECT_EQ(ask("kick\nROOM1\nAda Lovelace").value(), "ok\nall is well\n"); });
  EXPECT_THAT(heard_, ElementsAre("kick", "ROOM1", "Ada Lovelace"));
}

TEST_F(AStatusServer, SaysWhetherItWasPossible) {
  answer_ = refuse("no such room\n");
  serve_while([&] { EXPECT_EQ(ask("kick").value(), "no\nno such room\n"); });
}

TEST_F(AStatusServer, DeliversALongAnswerWhole) {
  answer_.text = std::string(3'000'000, 'x');
  serve_while([&] { EXPECT_EQ(ask("status").value(), "ok\n" + answer_.text); });
}

TEST_F(AStatusServer, AnswersOneAfterTheOther) {
  serve_while([&] {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(ask("status"));
  });
}

TEST_F(AStatusServer, HearsNoEndlessQuestions) {
  serve_while([&] { EXPECT_FALSE(ask(std::string(StatusServer::kMaxQuestion + 1, 'x'))); });
  EXPECT_THAT(heard_, ElementsAre());
}

TEST_F(AStatusServer, HasNothingToSayToNoQuestion) {
  serve_while([&] { EXPECT_FALSE(ask("")); });
}

}  // namespace
}  // namespace softlan::runtime
