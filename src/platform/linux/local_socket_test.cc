#include "platform/linux/local_socket.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "platform/files.h"
#include "platform/linux/temporary_folder.h"

namespace softlan::platform {
namespace {

using namespace std::chrono_literals;

class LocalSocket : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const char* name = "program.sock") const { return folder_.path() + "/" + name; }

  // What one asker says, in small pieces or large ones; then `answer` for it.
  static std::string serve(LocalListener& listener, std::string_view answer) {
    std::optional<LocalStream> stream;
    while (!(stream = listener.accept())) std::this_thread::yield();
    std::string heard;
    std::array<std::uint8_t, 16> room{};
    for (;;) {
      const auto count = stream->read(room);
      if (!count) {
        std::this_thread::yield();
        continue;
      }
      if (*count == 0) break;
      heard.append(reinterpret_cast<const char*>(room.data()), *count);
    }
    EXPECT_EQ(stream->write(answer), answer.size());
    return heard;
  }

  TemporaryFolder folder_ = TemporaryFolder::create("softlan-local-socket-").value();
};

TEST_F(LocalSocket, CarriesAQuestionAndItsAnswer) {
  auto listener = LocalListener::open(path()).value();
  std::string heard;
  std::thread program([&] { heard = serve(listener, "all is well"); });
  const auto answer = ask(path(), "how is it going, over there?", 100, 5s);
  program.join();
  EXPECT_EQ(answer.value(), "all is well");
  EXPECT_EQ(heard, "how is it going, over there?");
}

TEST_F(LocalSocket, CutsAnAnswerThatIsTooLong) {
  auto listener = LocalListener::open(path()).value();
  std::thread program([&] { serve(listener, "all is well"); });
  EXPECT_EQ(ask(path(), "?", 3, 5s).value(), "all");
  program.join();
}

TEST_F(LocalSocket, IsTheOwnersAloneAndSoIsItsFolder) {
  const std::string inside = path("lanparty/program.sock");
  const auto listener = LocalListener::open(inside);
  ASSERT_TRUE(listener);
  struct stat status{};
  ASSERT_EQ(stat(inside.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(path("lanparty").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(LocalSocket, SendsAwayWhoIsAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  auto listener = LocalListener::open(path()).value();
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_EQ(chmod(path().c_str(), 0666), 0);  // as if somebody had opened it
  std::string heard = "nothing";
  std::thread stranger([&] {
    constexpr uid_t kNobody = 65534;
    ASSERT_EQ(syscall(SYS_setresuid, kNobody, kNobody, kNobody), 0);  // this thread only
    heard = ask(path(), "who is here?", 100, 5s).value_or("");
  });
  pollfd waiting{.fd = listener.fd(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(poll(&waiting, 1, 5000), 1);
  EXPECT_FALSE(listener.accept());
  stranger.join();
  EXPECT_EQ(heard, "");
}

TEST_F(LocalSocket, ReplacesOneThatWasLeftBehind) {
  {
    auto listener = LocalListener::open(path()).value();
    std::filesystem::create_hard_link(path(), path("kept"));
  }
  std::filesystem::rename(path("kept"), path());
  ASSERT_TRUE(file_exists(path()));
  EXPECT_TRUE(LocalListener::open(path()));
}

TEST_F(LocalSocket, LeavesOneAloneThatSomebodyListensOn) {
  const auto first = LocalListener::open(path());
  const auto second = LocalListener::open(path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, path() + " is in use by another program");
}

TEST_F(LocalSocket, LeavesAFileAloneThatIsNoSocket) {
  ASSERT_TRUE(write_private_file(path(), "mine"));
  EXPECT_FALSE(LocalListener::open(path()));
  EXPECT_EQ(read_file(path(), 100).value(), "mine");
}

TEST_F(LocalSocket, IsGoneWithItsListener) {
  {
    const auto listener = LocalListener::open(path());
  }
  EXPECT_FALSE(file_exists(path()));
}

TEST_F(LocalSocket, SaysThatNobodyIsThere) {
  EXPECT_EQ(ask(path(), "?", 100, 1s).error().message, "nothing answers at " + path());
}

TEST_F(LocalSocket, RefusesAPathThatDoesNotFit) {
  EXPECT_FALSE(LocalListener::open(path(std::string(200, 'x').c_str())));
  EXPECT_FALSE(LocalListener::open(""));
}

}  // namespace
}  // namespace softlan::platform
