#include "platform/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/system_random.h"

namespace softlan::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    SystemRandom random;
    folder_ = ::testing::TempDir() + fmt::format("softlan-files-{:016x}", random.next_u64());
    ASSERT_TRUE(std::filesystem::create_directory(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(Files, ReadsBackWhatWasWritten) {
  const std::string content("identity\0\n\xff", 11);
  ASSERT_TRUE(write_private_file(path("identity"), content));
  EXPECT_EQ(read_file(path("identity"), 100), content);
}

TEST_F(Files, MissingFoldersAreMade) {
  ASSERT_TRUE(write_private_file(path("a/b/key"), "secret"));
  EXPECT_EQ(read_file(path("a/b/key"), 100), "secret");
}

TEST_F(Files, NamesMayHoldAnyLetters) {
  ASSERT_TRUE(write_public_file(path("J\xc3\xb6rg \xe2\x82\xac"), "x"));
  EXPECT_TRUE(file_exists(path("J\xc3\xb6rg \xe2\x82\xac")));
  EXPECT_EQ(read_file(path("J\xc3\xb6rg \xe2\x82\xac"), 100), "x");
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
  EXPECT_THAT(content.error().message, StartsWith("cannot read " + path("none") + ": "));
  EXPECT_FALSE(file_exists(path("none")));
  EXPECT_FALSE(file_exists(path("none/below")));
}

TEST_F(Files, AFolderInThePlaceOfAFileIsAnError) {
  const auto content = read_file(folder_, 10);
  ASSERT_FALSE(content);
  EXPECT_THAT(content.error().message, HasSubstr("not a regular file"));
}

TEST_F(Files, AFileInThePlaceOfAFolderIsAnError) {
  ASSERT_TRUE(write_public_file(path("file"), "x"));
  const auto written = write_private_file(path("file/below/key"), "x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("is not a folder"));
}

}  // namespace
}  // namespace softlan::platform
