#include "runtime/ban_file.h"

#include <gtest/gtest.h>

#include "platform/files.h"
#include "platform/linux/temporary_folder.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;

relay::Ban ban(std::uint8_t number) {
  relay::Ban made{.identity = {}, .source = {}, .name = "Ada", .room = "ROOM1"};
  made.identity.bytes.fill(number);
  return made;
}

class BanFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return folder_.path() + "/bans.json"; }

  platform::TemporaryFolder folder_ = platform::TemporaryFolder::create("softlan-ban-file-").value();
  Moment moment_{.now = TimePoint{1h}, .unix_time = 1'800'000'000};
};

TEST_F(BanFile, IsEmptyUntilSomebodyIsBanned) { EXPECT_TRUE(load_bans(path(), moment_).value().empty()); }

TEST_F(BanFile, KeepsBansBeyondARestartOfProgramAndMachine) {
  relay::Ban first = ban(1);
  first.source = parse_ip("2001:db8::");
  first.expires = moment_.now + 10min;
  const relay::Ban all[] = {first, ban(2)};
  ASSERT_TRUE(save_bans(path(), moment_, all));
  const Moment later{.now = TimePoint{5s}, .unix_time = moment_.unix_time + 60};
  const auto loaded = load_bans(path(), later).value();
  ASSERT_EQ(loaded.size(), 2u);
  EXPECT_EQ(loaded[0].identity, first.identity);
  EXPECT_EQ(loaded[0].source, first.source);
  EXPECT_EQ(loaded[0].name, "Ada");
  EXPECT_EQ(loaded[0].room, "ROOM1");
  EXPECT_EQ(loaded[0].expires, later.now + 9min);
  EXPECT_EQ(loaded[1].expires, kNever);
  EXPECT_FALSE(loaded[1].source);
}

TEST_F(BanFile, ForgetsBansThatHaveEnded) {
  relay::Ban short_one = ban(1);
  short_one.expires = moment_.now + 10min;
  ASSERT_TRUE(save_bans(path(), moment_, {&short_one, 1}));
  EXPECT_TRUE(load_bans(path(), {.now = TimePoint{}, .unix_time = moment_.unix_time + 600}).value().empty());
}

TEST_F(BanFile, RefusesWhatIsNoListOfBans) {
  for (const char* text :
       {"", "[]", "{}", "{\"bans\": 1}", "{\"bans\": [1]}", "{\"bans\": [{\"identity\": \"AAAA\"}]}"}) {
    ASSERT_TRUE(platform::write_private_file(path(), text));
    EXPECT_FALSE(load_bans(path(), moment_)) << text;
  }
}

TEST_F(BanFile, AnEndBeyondAllTimeDoesNoHarm) {
  const relay::Ban one = ban(1);
  ASSERT_TRUE(save_bans(path(), moment_, {&one, 1}));
  std::string text = platform::read_file(path(), 10000).value();
  text.insert(text.find("\"identity\""), "\"until\": 9223372036854775807, ");
  ASSERT_TRUE(platform::write_private_file(path(), text));
  EXPECT_GT(load_bans(path(), moment_).value().at(0).expires, moment_.now + 24h);
}

}  // namespace
}  // namespace softlan::runtime
