#include "runtime/standing_lines.h"

#include <fmt/format.h>

namespace softlan::runtime {

namespace {

constexpr std::string_view kClearBelow = "\x1b[J";
constexpr std::string_view kClearToEnd = "\x1b[K";
// A line that is wider than we think must not become two: what is too much is overwritten at the margin (DECAWM).
constexpr std::string_view kNoWrap = "\x1b[?7l";
constexpr std::string_view kWrap = "\x1b[?7h";

std::string_view sign(Mood mood) {
  switch (mood) {
    case Mood::plain:
      return "  ";
    case Mood::fine:
      return "\x1b[32m●\x1b[m ";
    case Mood::waiting:
      return "\x1b[33m●\x1b[m ";
    case Mood::wrong:
      return "\x1b[31m●\x1b[m ";
  }
  return "  ";
}

}  // namespace

std::string StandingLines::show(const std::vector<ViewLine>& lines, platform::ScreenSize size) {
  // The cursor's own row is one more.
  const std::size_t room = size.rows > 1 ? size.rows - 1 : 0;
  std::vector<ViewLine> shown(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), room)));
  if (shown == lines_) return {};
  const std::string top = to_top();
  lines_ = std::move(shown);
  return top + drawn();
}

std::string StandingLines::say(std::string_view text) const {
  if (lines_.empty()) return std::string(text);
  return fmt::format("{}{}{}{}", to_top(), kClearBelow, text, drawn());
}

std::string StandingLines::clear() {
  if (lines_.empty()) return {};
  std::string text = to_top() + std::string(kClearBelow);
  lines_.clear();
  return text;
}

std::string StandingLines::to_top() const {
  return lines_.empty() ? std::string() : fmt::format("\r\x1b[{}A", lines_.size());
}

std::string StandingLines::drawn() const {
  std::string text(kNoWrap);
  for (const ViewLine& line : lines_) text += fmt::format("{}{}{}\r\n", sign(line.mood), line.text, kClearToEnd);
  return text + std::string(kWrap) + std::string(kClearBelow);
}

}  // namespace softlan::runtime
