#include "auth/pass.h"

#include <gtest/gtest.h>

#include <set>

namespace softlan::auth {
namespace {

TEST(AGeneratedPass, HasFourGroupsOfFourSymbolsWithoutLookAlikes) {
  SeededRandom random(3);
  for (int i = 0; i < 100; ++i) {
    const std::string pass = generate_pass(random);
    ASSERT_EQ(pass.size(), 19u);
    for (std::size_t at = 0; at < pass.size(); ++at) {
      EXPECT_EQ(pass[at] == '-', at % 5 == 4);
      EXPECT_FALSE(std::string_view("ilou").contains(pass[at]));
    }
  }
}

TEST(AGeneratedPass, UsesAll32SymbolsAndNeverComesTwice) {
  SeededRandom random(3);
  std::set<char> symbols;
  std::set<std::string> passes;
  for (int i = 0; i < 100; ++i) {
    const std::string pass = generate_pass(random);
    symbols.insert(pass.begin(), pass.end());
    passes.insert(pass);
  }
  EXPECT_EQ(symbols.size(), 32u + 1);
  EXPECT_EQ(passes.size(), 100u);
}

TEST(AGeneratedPass, IsTheSameHoweverItIsTyped) {
  SeededRandom random(3);
  const std::string generated = generate_pass(random);
  EXPECT_EQ(check_pass(generated), generated);
  for (const std::string_view typed :
       {"k7qm-10tf-9xhd-vb2c", "K7QM-10TF-9XHD-VB2C", "k7qm10tf9xhdvb2c", "k7qm-lotf-9xhd-vb2c", "K7qmIOtf-9xhdvb2c"}) {
    EXPECT_EQ(check_pass(typed), "k7qm-10tf-9xhd-vb2c") << typed;
  }
}

TEST(APass, OfAnyOtherFormIsTakenLiterally) {
  for (const std::string_view text : {"x", "Pizza-2024!", " two words ", "k7qm-10tf-9xhd-vb2", "k7qm-10tf-9xhd-vb2c0",
                                      "k7qm-10tf-9xhd-vb2u", "k7qm 10tf 9xhd vb2c", "gr\u00fc\u00dfe \U0001F355"}) {
    EXPECT_EQ(check_pass(text), text);
  }
}

TEST(APass, HasBlanksOfOneKind) {
  EXPECT_EQ(check_pass("two\u00a0words"), "two words");
  EXPECT_EQ(check_pass("\u3000a\u2003\u2003b\u202f"), " a  b ");
}

TEST(APass, ThatCannotBeTypedIsRefused) {
  EXPECT_EQ(check_pass("").error().message, "A pass cannot be empty.");
  EXPECT_TRUE(check_pass(std::string(128, 'x')));
  EXPECT_EQ(check_pass(std::string(129, 'x')).error().message, "This pass is too long: 128 bytes are the most.");
  EXPECT_EQ(check_pass("\xff").error().message, "This pass is not UTF-8 text.");
  for (const std::string_view text : {std::string_view("a\0b", 3), std::string_view("a\n"), std::string_view("\x7f"),
                                      std::string_view("\u009b"), std::string_view("\u202e")}) {
    EXPECT_EQ(check_pass(text).error().message,
              "This pass has control characters or other invisible marks in it: type it anew.");
  }
}

}  // namespace
}  // namespace softlan::auth
