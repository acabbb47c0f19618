#include "runtime/voice.h"

#include <cstdio>
#include <utility>

#include "base/text.h"
#include "platform/terminal.h"

namespace softlan::runtime {

Stage standard_stage() {
  return {.out = [](std::string_view text) { platform::write_text(stdout, text); },
          .err = [](std::string_view text) { platform::write_text(stderr, text); },
          .screen = platform::screen_size,
          .err_on_screen = platform::is_watched()};
}

Voice::Voice(Stage stage, For whom, obs::Level level, obs::LogFormat format)
    : stage_(std::move(stage)),
      for_(whom),
      log_(obs::Log::through([this](std::string_view line) { on_log_line(line); }, level, format)),
      kept_(obs::Log::through([this](std::string_view line) { keep(line); }, obs::Level::info, format)) {}

void Voice::tell(std::string_view sentence) {
  if (for_ == For::programs) return log_.info(sentence);
  note(sentence);
  say(std::string(sentence) + '\n');
}

void Voice::show_once(std::string_view lines) {
  if (for_ == For::people) say(lines);
}

void Voice::put_out(std::string_view object) { stage_.out(object); }

std::optional<std::size_t> Voice::view_width() const {
  if (for_ == For::programs || view_ended_) return std::nullopt;
  const auto size = stage_.screen();
  if (!size || size->columns <= StandingLines::kSign) return std::nullopt;
  return size->columns - StandingLines::kSign;
}

void Voice::show(const std::vector<ViewLine>& lines) {
  const auto size = stage_.screen();
  if (for_ == For::programs || view_ended_ || !size) return;
  if (const std::string text = standing_.show(lines, *size); !text.empty()) stage_.out(text);
}

void Voice::clear() {
  if (const std::string text = standing_.clear(); !text.empty()) stage_.out(text);
}

void Voice::end_view() {
  clear();
  view_ended_ = true;
}

void Voice::say(std::string_view line) { stage_.out(standing_.say(line)); }

void Voice::on_log_line(std::string_view line) {
  keep(line);
  if (stage_.err_on_screen && for_ == For::people && stage_.screen()) return say(line);
  stage_.err(line);
}

void Voice::keep(std::string_view line) {
  if (file_) file_->write(line);
  if (last_lines_.size() == kLastLines) last_lines_.pop_front();
  last_lines_.push_back(printable(trim(line), kLongestLastLine));
}

}  // namespace softlan::runtime
