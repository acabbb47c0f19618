#include "runtime/relay_console.h"

#include <gmock/gmock.h>

#include "platform/files.h"
#include "platform/linux/temporary_folder.h"
#include "relay/test_relay.h"

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;
using relay::test::hello;
using testing::HasSubstr;

class AConsole : public relay::test::RelayTest, public RelayWorkers {
 protected:
  AConsole() { folder_ = platform::TemporaryFolder::create("softlan-relay-console-").value(); }

  [[nodiscard]] RelayConsoleConfig config() const {
    return {.software = "lanparty-relay 1",
            .ban_file = folder_->path() + "/bans.json",
            .unix_time = [] { return std::int64_t{1'800'000'000}; },
            .certificate_expires = {}};
  }
  Answer ask(std::vector<std::string> words) {
    if (!console_) console_.emplace(now_, config(), *this, log_);
    return console_->answer(now_, words);
  }
  // RelayWorkers: two, the second of which has all rooms
  [[nodiscard]] std::size_t count() const override { return 2; }
  void ask_all(const Work& work) override {
    work(0, idle_, now_);
    work(1, relay_, now_);
  }
  void ask_room(std::string_view, const Work& work) override { work(1, relay_, now_); }
  [[nodiscard]] PacketCounters packets() override { return {}; }

  [[nodiscard]] std::size_t members() const { return room() ? room()->seats().size() : 0; }
  // Whether the identity is let in.
  bool may_join(std::uint8_t number) {
    relay::test::FakeLink& link = connect(number);
    say(link, hello(number));
    return !link.all<ctrl::Welcome>().empty();
  }

  relay::Relay idle_{{}, door_, log_};
  std::optional<platform::TemporaryFolder> folder_;
  std::optional<RelayConsole> console_;
};

TEST_F(AConsole, TellsTheStatusAsTextAndAsJson) {
  join_client(1);
  EXPECT_THAT(ask({"status", "text"}).text, HasSubstr("player1"));
  EXPECT_THAT(ask({"status", "json"}).text, HasSubstr("\"name\":\"player1\""));
  EXPECT_THAT(ask({"status", "text", "room1"}).text, HasSubstr("Room ROOM1"));
}

TEST_F(AConsole, SaysThatThereIsNoSuchRoom) {
  const Answer answer = ask({"status", "text", "ROOM9"});
  EXPECT_FALSE(answer.ok);
  EXPECT_EQ(answer.text, "there is no room ROOM9 now\n");
}

TEST_F(AConsole, RefusesWhatItDoesNotKnow) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"dance"}, {"status"}, {"status", "xml"}, {"kick", "ROOM1"}, {"unban"}, {"frame-log", "ROOM1"}, {""}}) {
    EXPECT_FALSE(ask(words).ok);
  }
}

TEST_F(AConsole, KicksAMemberThatMayComeBack) {
  join_client(1);
  join_client(2);
  EXPECT_TRUE(ask({"kick", "ROOM1", "player1"}).ok);
  EXPECT_EQ(members(), 1u);
  EXPECT_TRUE(may_join(1));
}

TEST_F(AConsole, KicksNobodyWhenItIsNotClearWhom) {
  for (std::uint8_t i = 1; i <= 2; ++i) {
    ctrl::Hello twin = hello(i);
    twin.name = "Ada";
    join(i, twin);
  }
  const Answer answer = ask({"kick", "ROOM1", "Ada"});
  EXPECT_FALSE(answer.ok);
  EXPECT_THAT(answer.text, HasSubstr("02:00:00:00:00:01"));
  EXPECT_THAT(answer.text, HasSubstr("02:00:00:00:00:02"));
  EXPECT_EQ(members(), 2u);
}

TEST_F(AConsole, BansAMemberUntilItsTimeIsUp) {
  join_client(1);
  join_client(2);
  EXPECT_TRUE(ask({"ban", "ROOM1", "02:00:00:00:00:01", "10"}).ok);
  EXPECT_EQ(members(), 1u);
  EXPECT_FALSE(may_join(1));
  wait(10min);
  EXPECT_TRUE(may_join(1));
}

TEST_F(AConsole, BansEverybodyFromAnAddressWhenAskedTo) {
  for (std::uint8_t i = 1; i <= 3; ++i) join_client(i);  // fake links share one address
  EXPECT_THAT(ask({"ban", "ROOM1", "player1", "0", "address"}).text, HasSubstr("so are 2 more from there"));
  EXPECT_EQ(members(), 0u);
  EXPECT_FALSE(may_join(4));
}

TEST_F(AConsole, ListsBansAndLiftsThem) {
  join_client(1);
  EXPECT_EQ(ask({"bans"}).text, "nobody is banned\n");
  (void)ask({"ban", "ROOM1", "player1", "0"});
  EXPECT_THAT(ask({"bans"}).text, HasSubstr("1    player1  ROOM1    any      for ever"));
  EXPECT_FALSE(ask({"unban", "2"}).ok);
  EXPECT_TRUE(ask({"unban", "1"}).ok);
  EXPECT_TRUE(may_join(1));
}

TEST_F(AConsole, RemembersBansAfterARestart) {
  join_client(1);
  (void)ask({"ban", "ROOM1", "player1", "0"});
  relay_.bans() = {};
  console_.reset();
  EXPECT_THAT(ask({"bans"}).text, HasSubstr("player1"));
  EXPECT_FALSE(may_join(1));
}

TEST_F(AConsole, BansOnAllWorkers) {
  join_client(1);
  (void)ask({"ban", "ROOM1", "player1", "0"});
  EXPECT_EQ(idle_.bans().in_force(now_).size(), 1u);
  (void)ask({"unban", "1"});
  EXPECT_TRUE(idle_.bans().in_force(now_).empty());
  EXPECT_TRUE(relay_.bans().in_force(now_).empty());
}

TEST_F(AConsole, SaysWhenABanCannotBeKept) {
  join_client(1);
  ASSERT_TRUE(platform::write_private_file(folder_->path() + "/file", "in the way"));
  RelayConsoleConfig broken = config();
  broken.ban_file = folder_->path() + "/file/bans.json";
  console_.emplace(now_, broken, *this, log_);
  EXPECT_THAT(ask({"ban", "ROOM1", "player1", "0"}).text, HasSubstr("but it will be forgotten when the relay ends"));
}

TEST_F(AConsole, SwitchesARoomsFrameLog) {
  join_client(1);
  EXPECT_TRUE(ask({"frame-log", "room1", "on"}).ok);
  EXPECT_TRUE(room()->frame_log().on());
  EXPECT_THAT(ask({"status", "text"}).text, HasSubstr("frames are logged"));
  EXPECT_TRUE(ask({"frame-log", "room1", "off"}).ok);
  EXPECT_FALSE(room()->frame_log().on());
}

}  // namespace
}  // namespace softlan::runtime
