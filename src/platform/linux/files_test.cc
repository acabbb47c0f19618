#include "platform/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace softlan::platform {
namespace {

using ::testing::HasSubstr;

class Files : public ::testing::Test {
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

TEST_F(Files, ReadsBackWhatWasWritten) {
  const std::string content("identity\0\n\xff", 11);
  ASSERT_TRUE(write_private_file(path("identity"), content));
  EXPECT_EQ(read_file(path("identity"), 100), content);
}

TEST_F(Files, PrivateFilesAndTheirNewFoldersAreForTheOwnerAlone) {
  ASSERT_TRUE(write_private_file(path("a/b/key"), "secret"));
  EXPECT_EQ(mode_of(path("a")), 0700U);
  EXPECT_EQ(mode_of(path("a/b")), 0700U);
  EXPECT_EQ(mode_of(path("a/b/key")), 0600U);
}

TEST_F(Files, PublicFilesAreReadableByEverybody) {
  ASSERT_TRUE(write_public_file(path("certificate"), "public"));
  EXPECT_EQ(mode_of(path("certificate")), 0644U);
}

TEST_F(Files, WritingReplacesTheOldContentAndLeavesNothingBeside) {
  ASSERT_TRUE(write_public_file(path("file"), "a long first version"));
  ASSERT_TRUE(write_public_file(path("file"), "short"));
  EXPECT_EQ(read_file(path("file"), 100), "short");
  const auto entries = std::filesystem::directory_iterator(folder_);
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(Files, AFileOverTheBoundIsAnErrorAndOneAtTheBoundIsNot) {
  ASSERT_TRUE(write_public_file(path("file"), "12345"));
  EXPECT_EQ(read_file(path("file"), 5), "12345");
  const auto too_long = read_file(path("file"), 4);
  ASSERT_FALSE(too_long);
  EXPECT_THAT(too_long.error().message, HasSubstr("larger than 4 bytes"));
}

TEST_F(Files, AMissingFileIsNamedInTheSentence) {
  const auto content = read_file(path("none"), 10);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().message, "cannot read " + path("none") + ": No such file or directory");
  EXPECT_FALSE(file_exists(path("none")));
  EXPECT_FALSE(file_exists(path("none/below")));
}

TEST_F(Files, AFolderOrAPipeInThePlaceOfAFileIsAnError) {
  EXPECT_FALSE(read_file(folder_, 10));
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const auto content = read_file(path("pipe"), 10);
  ASSERT_FALSE(content);
  EXPECT_THAT(content.error().message, HasSubstr("not a regular file"));
}

TEST_F(Files, AFileInThePlaceOfAFolderIsAnError) {
  ASSERT_TRUE(write_public_file(path("file"), "x"));
  const auto written = write_private_file(path("file/below/key"), "x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("is not a folder"));
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
