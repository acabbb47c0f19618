#include "platform/linux/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace softlan::platform {
namespace {

namespace fs = std::filesystem;

// All folders are made in one of the test's own.
class TemporaryFolderTest : public testing::Test {
 protected:
  TemporaryFolderTest() {
    fs::remove_all(parent_);
    fs::create_directories(parent_);
    setenv("RUNTIME_DIRECTORY", parent_.c_str(), 1);
  }
  ~TemporaryFolderTest() override {
    unsetenv("RUNTIME_DIRECTORY");
    fs::remove_all(parent_);
  }

  // What is left of another process's folder, with a file in it, when that is killed.
  fs::path killed_in_the_middle() {
    const pid_t pid = fork();
    if (pid == 0) {
      const auto folder = TemporaryFolder::create("softlan-");
      if (folder) (void)folder->add_file("script", "exit", true);
      raise(SIGKILL);
    }
    waitpid(pid, nullptr, 0);
    return fs::directory_iterator(parent_)->path();
  }

  fs::path parent_ = fs::path(testing::TempDir()) /
                     (std::string("softlan-folders-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(TemporaryFolderTest, GoesWithItsOwner) {
  {
    const auto folder = TemporaryFolder::create("softlan-");
    ASSERT_TRUE(folder) << folder.error().message;
    EXPECT_EQ(fs::path(folder->path()).parent_path(), parent_);
    EXPECT_EQ(fs::status(folder->path()).permissions(), fs::perms::owner_all);
  }
  EXPECT_TRUE(fs::is_empty(parent_));
}

TEST_F(TemporaryFolderTest, OfAProcessThatWasKilledGoesWithTheNext) {
  const fs::path left = killed_in_the_middle();
  ASSERT_TRUE(fs::exists(left / "script"));
  const auto next = TemporaryFolder::create("softlan-");
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(next->path()));
}

TEST_F(TemporaryFolderTest, OfALivingProcessStays) {
  auto first = TemporaryFolder::create("softlan-");
  ASSERT_TRUE(first) << first.error().message;
  const TemporaryFolder moved = std::move(*first);
  const auto second = TemporaryFolder::create("softlan-");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(fs::exists(moved.path()));
}

TEST_F(TemporaryFolderTest, LeavesAloneWhatHasAnotherNameOrIsALink) {
  const fs::path elsewhere = parent_ / "elsewhere";
  fs::create_directories(elsewhere / "inside");
  fs::create_symlink(elsewhere, parent_ / "softlan-link");
  ASSERT_TRUE(TemporaryFolder::create("softlan-"));
  EXPECT_TRUE(fs::exists(elsewhere / "inside"));
  EXPECT_TRUE(fs::is_symlink(parent_ / "softlan-link"));
}

}  // namespace
}  // namespace softlan::platform
