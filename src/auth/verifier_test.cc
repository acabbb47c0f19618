#include "auth/verifier.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace softlan::auth {
namespace {

// Of the pass "pencil" with the salt of RFC 7677.
constexpr std::string_view kPencil =
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

std::string replaced(std::string_view what, std::string_view with) {
  std::string text(kPencil);
  return text.replace(text.find(what), what.size(), with);
}

TEST(AVerifier, IsWrittenAsPostgresqlWritesIt) {
  const auto salt = *parse_base64("W22ZaJ0SNY7soEsUEjb6gQ==");
  const Key salted = salt_pass("pencil", salt, 4096);
  const Verifier verifier{salt, 4096, stored_key(salted), server_key(salted)};
  EXPECT_EQ(to_string(verifier), kPencil);
  EXPECT_EQ(parse_verifier(kPencil), verifier);
}

TEST(AVerifier, FitsItsPassAndHasASaltOfItsOwn) {
  SeededRandom random(1);
  const Verifier first = make_verifier("pencil", random);
  const Verifier second = make_verifier("pencil", random);
  EXPECT_EQ(first.salt.size(), 16u);
  EXPECT_NE(first.salt, second.salt);
  EXPECT_EQ(first.stored_key, stored_key(salt_pass("pencil", first.salt, first.iterations)));
  EXPECT_EQ(parse_verifier(to_string(first)), first);
}

TEST(AVerifier, ThatIsDamagedIsNotRead) {
  EXPECT_EQ(parse_verifier("pencil").error().message,
            "A pass verifier begins with \"SCRAM-SHA-256$\"; this one does not.");
  for (const std::string& text :
       {replaced("4096", ""), replaced("4096", "04096"), replaced("4096:", ""), replaced("4096", "99999999999"),
        replaced("W22ZaJ0SNY7soEsUEjb6gQ==", ""), replaced("W22Z", "W22"), replaced("T4qY=", "T4qY"),
        replaced("WG5d", ""), replaced("2dU=", "2dU=\n"), replaced("2dU=", "2dU=:"),
        replaced("W22ZaJ0SNY7soEsUEjb6gQ==", to_base64(std::vector<std::uint8_t>(65)))}) {
    EXPECT_EQ(parse_verifier(text).error().message,
              "This pass verifier is damaged: after \"SCRAM-SHA-256$\" it should read ITERATIONS:SALT$KEY:KEY.")
        << text;
  }
}

TEST(AVerifier, HasAsManyIterationsAsMembersTakePartIn) {
  EXPECT_TRUE(parse_verifier(replaced("4096", "100000")));
  EXPECT_EQ(parse_verifier(replaced("4096", "4095")).error().message,
            "This pass verifier names 4095 iterations; members take part in 4096 to 100000.");
  EXPECT_FALSE(parse_verifier(replaced("4096", "100001")));
}

TEST(AFakeVerifier, IsTheSameEveryTimeAndAnotherForEachRoomAndSecret) {
  const Verifier fake = fake_verifier(Key{1}, "ROOM1");
  EXPECT_EQ(fake, fake_verifier(Key{1}, "ROOM1"));
  EXPECT_NE(fake.salt, fake_verifier(Key{1}, "ROOM2").salt);
  EXPECT_NE(fake.salt, fake_verifier(Key{2}, "ROOM1").salt);
}

TEST(AFakeVerifier, LooksLikeARealOne) {
  SeededRandom random(1);
  const Verifier real = make_verifier("pencil", random);
  const Verifier fake = fake_verifier(Key{1}, "ROOM1");
  EXPECT_EQ(fake.salt.size(), real.salt.size());
  EXPECT_EQ(fake.iterations, real.iterations);
  EXPECT_NE(fake.stored_key, fake.server_key);
}

}  // namespace
}  // namespace softlan::auth
