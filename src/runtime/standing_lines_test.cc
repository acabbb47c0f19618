#include "runtime/standing_lines.h"

#include <gmock/gmock.h>

namespace softlan::runtime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A terminal that knows what StandingLines needs of one.
class Terminal {
 public:
  explicit Terminal(platform::ScreenSize size) : size_(size), rows_(1) {}

  void write(std::string_view text) {
    while (!text.empty()) {
      if (text.starts_with("\x1b[")) {
        const std::size_t end = text.find_first_of("ABCDEFGHJKmhl");
        control(text.substr(2, end - 2), text[end]);
        text.remove_prefix(end + 1);
      } else {
        put(text[0]);
        text.remove_prefix(1);
      }
    }
  }
  // What can be seen and was scrolled away, without signs and empty lines.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const std::string& row : rows_) {
      if (!row.empty()) lines.push_back(row);
    }
    return lines;
  }

 private:
  void control(std::string_view argument, char what) {
    if (what == 'A') {
      const std::size_t up = std::stoul(std::string(argument));
      const std::size_t top = rows_.size() > size_.rows ? rows_.size() - size_.rows : 0;
      row_ = std::max(top, row_ - std::min(row_, up));
    }
    if (what == 'K') rows_[row_].resize(std::min(rows_[row_].size(), column_));
    if (what == 'J') {
      rows_[row_].resize(std::min(rows_[row_].size(), column_));
      for (std::size_t below = row_ + 1; below < rows_.size(); ++below) rows_[below].clear();
    }
  }
  void put(char c) {
    if (c == '\r') {
      column_ = 0;
    } else if (c == '\n') {
      column_ = 0;
      if (++row_ == rows_.size()) rows_.emplace_back();
    } else {
      rows_[row_].resize(std::max(rows_[row_].size(), column_ + 1), ' ');
      rows_[row_][column_++] = c;
    }
  }

  platform::ScreenSize size_;
  std::vector<std::string> rows_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

class StandingLinesOnATerminal : public testing::Test {
 protected:
  void show(std::initializer_list<const char*> texts) {
    std::vector<ViewLine> lines;
    for (const char* text : texts) lines.push_back({Mood::plain, text});
    terminal_.write(standing_.show(lines, size_));
  }
  void say(std::string_view text) { terminal_.write(standing_.say(text)); }

  platform::ScreenSize size_{.columns = 80, .rows = 6};
  StandingLines standing_;
  Terminal terminal_{size_};
};

TEST_F(StandingLinesOnATerminal, ChangeInPlace) {
  show({"one", "two words"});
  show({"three", "four"});
  EXPECT_THAT(terminal_.lines(), ElementsAre("  three", "  four"));
}

TEST_F(StandingLinesOnATerminal, LeaveNothingBehindWhenTheyBecomeFewer) {
  show({"one", "two", "three"});
  show({"one"});
  EXPECT_THAT(terminal_.lines(), ElementsAre("  one"));
}

TEST_F(StandingLinesOnATerminal, LetOtherLinesGoByAboveThem) {
  say("before\n");
  show({"one", "two"});
  say("a longer line of a log\n");
  show({"three", "two"});
  say("another\nand one more\n");
  EXPECT_THAT(terminal_.lines(),
              ElementsAre("before", "a longer line of a log", "another", "and one more", "  three", "  two"));
}

TEST_F(StandingLinesOnATerminal, StayAtTheBottomOfAFullTerminal) {
  show({"one", "two"});
  for (int i = 0; i < 10; ++i) say("line " + std::to_string(i) + "\n");
  show({"three", "four"});
  const auto lines = terminal_.lines();
  ASSERT_EQ(lines.size(), 12u);
  EXPECT_EQ(lines[9], "line 9");
  EXPECT_EQ(lines[10], "  three");
}

TEST_F(StandingLinesOnATerminal, AreNoMoreThanFitAboveTheCursor) {
  show({"1", "2", "3", "4", "5", "6", "7"});
  show({"a", "b", "c", "d", "e", "f", "g"});
  EXPECT_THAT(terminal_.lines(), ElementsAre("  a", "  b", "  c", "  d", "  e"));
}

TEST_F(StandingLinesOnATerminal, AreGoneWhenCleared) {
  show({"one", "two"});
  terminal_.write(standing_.clear());
  say("after\n");
  EXPECT_THAT(terminal_.lines(), ElementsAre("after"));
}

TEST(StandingLines, AreNotWrittenAgainWhileNothingChanges) {
  StandingLines standing;
  const std::vector<ViewLine> lines{{Mood::fine, "one"}};
  EXPECT_FALSE(standing.show(lines, {}).empty());
  EXPECT_THAT(standing.show(lines, {}), IsEmpty());
  EXPECT_FALSE(standing.show({{Mood::wrong, "one"}}, {}).empty());
}

TEST(StandingLines, AreNothingToATerminalWithoutThem) {
  StandingLines standing;
  EXPECT_EQ(standing.say("a sentence\n"), "a sentence\n");
  EXPECT_EQ(standing.clear(), "");
}

}  // namespace
}  // namespace softlan::runtime
