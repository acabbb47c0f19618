#include "obs/log_file.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace softlan::obs {
namespace {

using testing::HasSubstr;

class ALogFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ALogFile, GoesOnWhereItEnded) {
  LogFile::open(path("log.txt")).value().write("one\n");
  LogFile::open(path("log.txt")).value().write("two\n");
  EXPECT_EQ(content("log.txt"), "one\ntwo\n");
}

TEST_F(ALogFile, HasEachLineAtOnce) {
  LogFile file = LogFile::open(path("log.txt")).value();
  file.write("one\n");
  EXPECT_EQ(content("log.txt"), "one\n");
}

TEST_F(ALogFile, StaysWithinTwiceItsBound) {
  LogFile file = LogFile::open(path("log.txt"), 100).value();
  for (int i = 0; i < 50; ++i) file.write("ten bytes\n");
  file.write("the last\n");
  EXPECT_LE(content("log.txt").size(), 100u);
  EXPECT_LE(content("log.1.txt").size(), 100u);
  EXPECT_THAT(content("log.txt"), HasSubstr("the last\n"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);
}

TEST_F(ALogFile, ThatCannotBeWrittenIsOneSentence) {
  const auto file = LogFile::open(path("missing/log.txt"));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("cannot write " + path("missing/log.txt") + ": "));
  EXPECT_FALSE(std::filesystem::exists(path("missing")));
}

}  // namespace
}  // namespace softlan::obs
