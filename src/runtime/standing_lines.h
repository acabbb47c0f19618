// Some lines that stay at the bottom of a terminal and change in place, while others go by above them.
//
// Nothing is written here: every call answers with what is to be written to the terminal, in one piece, so that it does
// not flicker. Cursor movements are those of ECMA-48, as every terminal of today has them. Between two calls the cursor
// stands in the first column below the lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/screen.h"
#include "runtime/status_view.h"

namespace softlan::runtime {

class StandingLines {
 public:
  // Columns of a terminal that a line's text cannot have: the sign before it and a blank.
  static constexpr std::size_t kSign = 2;

  // These lines from now on, or as many of them as the terminal has rows for; empty when nothing has changed.
  [[nodiscard]] std::string show(const std::vector<ViewLine>& lines, platform::ScreenSize size);
  // `text`, one or more whole lines, above them. It is written as it is.
  [[nodiscard]] std::string say(std::string_view text) const;
  // No lines any more.
  [[nodiscard]] std::string clear();

 private:
  [[nodiscard]] std::string to_top() const;
  [[nodiscard]] std::string drawn() const;

  std::vector<ViewLine> lines_;
};

}  // namespace softlan::runtime
