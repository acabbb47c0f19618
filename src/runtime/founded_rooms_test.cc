#include "runtime/founded_rooms.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "platform/files.h"

namespace softlan::runtime {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kDay = 24 * 60 * 60;

class FoundedRoomsFile : public testing::Test {
 protected:
  FoundedRoomsFile() { remove(); }
  ~FoundedRoomsFile() override { remove(); }
  void remove() {
    for (const char* end : {"", ".broken"}) std::filesystem::remove(path_ + end);
  }

  static relay::FoundedRoom room(const std::string& code, const std::string& pass = "pass") {
    relay::FoundedRoom founded{.code = code, .founder = {}, .client = {}, .gateway = {}};
    founded.founder.bytes.fill(7);
    founded.client = auth::make_verifier(pass, {1, 2, 3});
    founded.gateway = auth::make_verifier(pass + "!", {1, 2, 3});
    return founded;
  }
  FoundedRooms open() {
    return FoundedRooms(path_, [this] { return unix_time_; }, log_);
  }
  std::vector<relay::FoundedRoom> loaded() { return open().load(); }
  std::string content() { return platform::read_file(path_, 1 << 20).value_or(""); }

  std::string path_ =
      testing::TempDir() + "/softlan-rooms-" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::int64_t unix_time_ = 1780000000;
  TimePoint now_ = TimePoint{} + seconds(100);
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::info, obs::LogFormat::text);
};

TEST_F(FoundedRoomsFile, AreThereAfterARestart) {
  FoundedRooms rooms = open();
  EXPECT_TRUE(rooms.load().empty());
  EXPECT_EQ(rooms.next_deadline(), kNever);
  rooms.keep(room("FRIDAY"));
  rooms.keep(room("SATURDAY"));
  EXPECT_LE(rooms.next_deadline(), now_);
  rooms.on_deadline(now_);
  EXPECT_EQ(rooms.next_deadline(), kNever);
  EXPECT_EQ(loaded(), (std::vector{room("FRIDAY"), room("SATURDAY")}));
  EXPECT_EQ(std::filesystem::status(path_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(FoundedRoomsFile, AreWrittenEveryTenSecondsAtMost) {
  FoundedRooms rooms = open();
  rooms.keep(room("FRIDAY"));
  rooms.on_deadline(now_);
  rooms.keep(room("FRIDAY", "new pass"));
  EXPECT_EQ(rooms.next_deadline(), now_ + seconds(10));
  rooms.on_deadline(now_ + seconds(9));
  EXPECT_EQ(loaded(), std::vector{room("FRIDAY")});
  rooms.on_deadline(now_ + seconds(10));
  EXPECT_EQ(loaded(), std::vector{room("FRIDAY", "new pass")});
}

TEST_F(FoundedRoomsFile, AreWrittenAtTheEndOfTheProgramToo) {
  FoundedRooms rooms = open();
  rooms.keep(room("FRIDAY"));
  rooms.write();
  EXPECT_EQ(loaded(), std::vector{room("FRIDAY")});
}

TEST_F(FoundedRoomsFile, NoteMereUseOnceADay) {
  FoundedRooms rooms = open();
  rooms.keep(room("FRIDAY"));
  rooms.on_deadline(now_);
  unix_time_ += kDay - 1;
  rooms.keep(room("FRIDAY"));
  EXPECT_EQ(rooms.next_deadline(), kNever);
  unix_time_ += 1;
  rooms.keep(room("FRIDAY"));
  EXPECT_NE(rooms.next_deadline(), kNever);
}

TEST_F(FoundedRoomsFile, ForgetARoomNobodyUsedFor30Days) {
  FoundedRooms rooms = open();
  rooms.keep(room("FRIDAY"));
  unix_time_ += kDay;
  rooms.keep(room("SATURDAY"));
  rooms.write();
  unix_time_ += 29 * kDay;
  EXPECT_EQ(loaded(), std::vector{room("SATURDAY")});
}

TEST_F(FoundedRoomsFile, SetABrokenFileAsideAndBeginAnew) {
  FoundedRooms rooms = open();
  rooms.keep(room("FRIDAY"));
  rooms.write();
  const std::string good = content();
  for (const std::string& broken : {good.substr(0, good.size() / 2), std::string("[]"), std::string(),
                                    std::string("{\"rooms\": [{}]}"), std::string("{\"rooms\": [\"FRIDAY\"]}")}) {
    ASSERT_TRUE(platform::write_private_file(path_, broken));
    EXPECT_TRUE(loaded().empty());
    EXPECT_FALSE(platform::file_exists(path_));
    EXPECT_EQ(platform::read_file(path_ + ".broken", 1 << 20), broken);
    EXPECT_NE(log_text_.str().find("warn"), std::string::npos);
    log_text_.str("");
  }
  ASSERT_TRUE(platform::write_private_file(path_, good));
  EXPECT_EQ(loaded(), std::vector{room("FRIDAY")});
  EXPECT_EQ(log_text_.str(), "");
}

TEST_F(FoundedRoomsFile, SayWhenTheyCannotBeWritten) {
  FoundedRooms rooms("/proc/no-such-folder/rooms.json", [this] { return unix_time_; }, log_);
  rooms.keep(room("FRIDAY"));
  rooms.on_deadline(now_);
  EXPECT_NE(log_text_.str().find("/proc/no-such-folder"), std::string::npos);
}

}  // namespace
}  // namespace softlan::runtime
