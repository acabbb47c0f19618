#include "base/text.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace softlan {
namespace {

TEST(IsUtf8, AcceptsWellFormedText) {
  for (const char* text : {"", "plain", "K\xc3\xb6ln", "\xe2\x82\xac", "\xf0\x9f\x8e\xae", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(IsUtf8, RefusesWhatRfc3629Forbids) {
  EXPECT_FALSE(is_utf8("\x80"));              // continuation without a lead
  EXPECT_FALSE(is_utf8("\xc3"));              // cut short
  EXPECT_FALSE(is_utf8("\xe2\x82"));          // cut short
  EXPECT_FALSE(is_utf8("\xc3("));             // not continued
  EXPECT_FALSE(is_utf8("\xc0\xaf"));          // overlong, two bytes
  EXPECT_FALSE(is_utf8("\xe0\x80\xaf"));      // overlong, three
  EXPECT_FALSE(is_utf8("\xf0\x80\x80\xaf"));  // overlong, four
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_utf8("\xff"));
}

TEST(Printable, KeepsOrdinaryText) {
  EXPECT_EQ(printable("Gr\xc3\xbc\xc3\x9f Gott \xf0\x9f\x8e\xae"), "Gr\xc3\xbc\xc3\x9f Gott \xf0\x9f\x8e\xae");
}

TEST(Printable, ReplacesControlCharacters) {
  EXPECT_EQ(printable("a\x1b[31mb\r\n\tc\x7f"), "a?[31mb???c?");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(printable("csi \xc2\x9b"), "csi ?");
}

TEST(Printable, ReplacesWhatReordersOrBreaksTheLine) {
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "gpj"),
            "?gpj");  // right-to-left override
  EXPECT_EQ(printable("\xe2\x81\xa6x\xe2\x81\xa9"), "?x?");
  EXPECT_EQ(printable("\xe2\x80\xa8"), "?");  // line separator
}

TEST(Printable, ReplacesEachBrokenByte) { EXPECT_EQ(printable("\xff\xc3x\xe2\x82"), "??x??"); }

TEST(Printable, CutsToCodePointsNotBytes) {
  EXPECT_EQ(printable("\xc3\xb6\xc3\xb6\xc3\xb6", 2), "\xc3\xb6\xc3\xb6");
  EXPECT_EQ(printable("abc", 0), "");
}

TEST(Trim, TakesBlanksAndLineEndsOffBothEnds) {
  EXPECT_EQ(trim(" a b\r\n"), "a b");
  EXPECT_EQ(trim(" \t"), "");
}

TEST(Printable, AlwaysAnswersUtf8WithinItsBound) {
  SeededRandom random(2);
  for (int i = 0; i < 3000; ++i) {
    std::string text(random.below(40), '\0');
    for (char& c : text) c = static_cast<char>(random.next_u64());
    const std::string clean = printable(text, 16);
    EXPECT_TRUE(is_utf8(clean));
    EXPECT_LE(clean.size(), 16U * 4);
    EXPECT_EQ(printable(clean), clean);
  }
}

TEST(Columns, CountsWhatATerminalShows) {
  EXPECT_EQ(columns("Ada"), 3u);
  EXPECT_EQ(columns("Zoë"), 3u);
  EXPECT_EQ(columns("Zoe\u0308"), 3u);
  EXPECT_EQ(columns("王小明"), 6u);
  EXPECT_EQ(columns("🎮"), 2u);
  EXPECT_EQ(columns("a\xff"), 2u);
}

TEST(Fit, LeavesAloneWhatFits) {
  EXPECT_EQ(fit("Ada", 3), "Ada");
  EXPECT_EQ(fit("", 0), "");
}

TEST(Fit, NeverTakesMoreColumnsThanThereAre) {
  EXPECT_EQ(fit("Hopper", 4), "Hop…");
  EXPECT_EQ(fit("Hopper", 1), "…");
  EXPECT_EQ(fit("Hopper", 0), "");
  EXPECT_EQ(fit("王小明", 4), "王…");
  EXPECT_EQ(fit("Zoe\u0308!!", 4), "Zoe\u0308…");
}

}  // namespace
}  // namespace softlan
