#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "platform/files.h"

namespace softlan::platform {
namespace {

using ::testing::HasSubstr;

class LinuxFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "softlan-files-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static unsigned mode_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  std::string folder_;
};

TEST_F(LinuxFiles, PrivateFilesAndTheirNewFoldersAreForTheOwnerAlone) {
  ASSERT_TRUE(write_private_file(path("a/b/key"), "secret"));
  EXPECT_EQ(mode_of(path("a")), 0700U);
  EXPECT_EQ(mode_of(path("a/b")), 0700U);
  EXPECT_EQ(mode_of(path("a/b/key")), 0600U);
}

TEST_F(LinuxFiles, PublicFilesAreReadableByEverybody) {
  ASSERT_TRUE(write_public_file(path("certificate"), "public"));
  EXPECT_EQ(mode_of(path("certificate")), 0644U);
}

TEST_F(LinuxFiles, AMissingFileIsExplained) {
  EXPECT_EQ(read_file(path("none"), 10).error().message, "cannot read " + path("none") + ": No such file or directory");
}

TEST_F(LinuxFiles, APipeInThePlaceOfAFileIsAnError) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const auto content = read_file(path("pipe"), 10);
  ASSERT_FALSE(content);
  EXPECT_THAT(content.error().message, HasSubstr("not a regular file"));
}

class StateDirectory : public ::testing::Test {
 protected:
  void TearDown() override { unsetenv("STATE_DIRECTORY"); }
};

TEST_F(StateDirectory, IsTheFirstThatSystemdNames) {
  setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", 1);
  EXPECT_EQ(default_state_directory("relay"), "/var/lib/one");
}

TEST_F(StateDirectory, IsOnePerProgramOtherwise) {
  unsetenv("STATE_DIRECTORY");
  const auto relay = default_state_directory("relay");
  ASSERT_TRUE(relay) << relay.error().message;
  EXPECT_TRUE(relay->ends_with("/lanparty/relay")) << *relay;
}

}  // namespace
}  // namespace softlan::platform
