#include "ctrl/validate.h"

#include <gtest/gtest.h>

namespace softlan::ctrl {
namespace {

constexpr proto::Mac kMac{{0x02, 0x5e, 0, 0, 0, 1}};

Hello good_hello() {
  Hello hello;
  hello.room = "ROOM1";
  hello.mac = kMac;
  return hello;
}

TEST(RoomCode, IsOneToThirtyTwoLettersDigitsDashesAndUnderscores) {
  for (const char* code : {"A", "7", "room1", "Friday-LAN_2026", "abcdefghijklmnopqrstuvwxyz012345"}) {
    EXPECT_TRUE(is_room_code(code)) << code;
  }
}

TEST(RoomCode, IsNothingElse) {
  for (const char* text :
       {"", "-room", "_room", "my room", "room!", "r\xc3\xb6m", "room\n", "a/b", "abcdefghijklmnopqrstuvwxyz0123456"}) {
    EXPECT_FALSE(is_room_code(text)) << text;
  }
  EXPECT_FALSE(is_room_code(std::string_view("a\0b", 3)));
}

TEST(RoomCode, HasOneSpellingInUpperCase) {
  EXPECT_EQ(canonical_room("Friday-lan_2026"), "FRIDAY-LAN_2026");
  EXPECT_EQ(canonical_room("ROOM1"), "ROOM1");
}

TEST(DisplayName, LosesOuterBlanksAndControlCharacters) {
  EXPECT_EQ(clean_name("  Ada Lovelace\t\n"), "Ada Lovelace");
  EXPECT_EQ(clean_name("A\x1b[31mda"), "A?[31mda");
  EXPECT_EQ(clean_name(" \r\n"), "");
}

TEST(DisplayName, HoldsThirtyTwoCharactersNotBytes) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\xc3\xa9";
  EXPECT_EQ(clean_name(name), name.substr(0, 64));
}

TEST(DisplayName, StaysAsItIsWhenCleanedAgain) {
  const std::string once = clean_name("abcdefghijklmnopqrstuvwxyz01234 \t x");
  EXPECT_EQ(once, "abcdefghijklmnopqrstuvwxyz01234");
  EXPECT_EQ(clean_name(once), once);
}

TEST(Role, HasANameThatReadsBack) {
  for (const Role role : {Role::client, Role::gateway}) EXPECT_EQ(parse_role(to_string(role)), role);
  EXPECT_EQ(parse_role("Gateway"), std::nullopt);
  EXPECT_EQ(parse_role(""), std::nullopt);
}

TEST(RejectCode, HasANameThatReadsBack) {
  for (int i = 0; i <= static_cast<int>(RejectCode::not_allowed); ++i) {
    const auto code = static_cast<RejectCode>(i);
    EXPECT_EQ(parse_reject_code(to_string(code)), code);
  }
  EXPECT_EQ(parse_reject_code("unknown"), std::nullopt);
}

TEST(CheckHello, AcceptsWhatIsInOrder) { EXPECT_EQ(check_hello(good_hello()), std::nullopt); }

TEST(CheckHello, RejectsAnotherProtocolVersionFirst) {
  Hello hello;
  hello.protocol = 7;
  const auto reject = check_hello(hello);
  ASSERT_TRUE(reject);
  EXPECT_EQ(reject->code, RejectCode::version);
  EXPECT_EQ(reject->message, "This relay speaks protocol version 1, this program version 7: update the older one.");
  EXPECT_FALSE(reject->retry);
}

TEST(CheckHello, RejectsARoomCodeThatDoesNotMatchAndSaysTheRule) {
  Hello hello = good_hello();
  hello.room = "my room";
  const auto reject = check_hello(hello);
  ASSERT_TRUE(reject);
  EXPECT_EQ(reject->code, RejectCode::bad_room);
  EXPECT_EQ(
      reject->message,
      "\"my room\" is not a room code: use 1 to 32 letters, digits, '-' or '_', beginning with a letter or digit.");
}

TEST(CheckHello, RejectsAMacNobodyMayOwn) {
  for (const proto::Mac mac :
       {proto::Mac{}, proto::Mac{{0x01, 0, 0x5e, 0, 0, 1}}, proto::Mac{{255, 255, 255, 255, 255, 255}}}) {
    Hello hello = good_hello();
    hello.mac = mac;
    const auto reject = check_hello(hello);
    ASSERT_TRUE(reject) << proto::to_string(mac);
    EXPECT_EQ(reject->code, RejectCode::bad_mac);
    EXPECT_EQ(reject->message,
              proto::to_string(mac) + " is not a MAC address a member may use: it must be unicast and not zero.");
  }
}

}  // namespace
}  // namespace softlan::ctrl
