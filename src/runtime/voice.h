// All that a member's program says while it runs, in one place, so that nothing it says damages the rest.
//
//                     standard output          standard error     log file, last lines
//   sentences         x, but for programs                         x
//   secrets           x, but for programs
//   log lines                                  x                  x
//   the view          x, on a terminal
//   status objects    x, for programs
//
// Where standard output is a terminal, sentences and log lines go by above the view; a standard error that leads
// elsewhere is left alone.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "obs/log.h"
#include "obs/log_file.h"
#include "platform/screen.h"
#include "runtime/standing_lines.h"

namespace softlan::runtime {

// Where it all ends; functions that write a text as it is.
struct Stage {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  std::function<std::optional<platform::ScreenSize>()> screen;  // of `out`; none: no terminal
  bool err_on_screen = false;                                   // `err` leads to that terminal, too
};

// Standard output and standard error.
[[nodiscard]] Stage standard_stage();

class Voice {
 public:
  static constexpr std::size_t kLastLines = 100;
  static constexpr std::size_t kLongestLastLine = 500;  // characters kept of one

  // For people, or, with sentences in the log only, for `programs`.
  enum class For : std::uint8_t { people, programs };

  Voice(Stage stage, For whom, obs::Level level, obs::LogFormat format);
  Voice(const Voice&) = delete;
  Voice& operator=(const Voice&) = delete;

  // Everything said from now on is in that file, too.
  void keep_in(obs::LogFile file) { file_ = std::move(file); }

  [[nodiscard]] obs::Log& log() { return log_; }
  [[nodiscard]] bool is_for_programs() const { return for_ == For::programs; }
  // A sentence about what has happened.
  void tell(std::string_view sentence);
  // The same for the log file and the last lines alone: a person is told in another way.
  void note(std::string_view sentence) { kept_.info(sentence); }
  // One or more whole lines for this person's eyes alone: not kept anywhere.
  void show_once(std::string_view lines);
  // A status for programs: one line, ended.
  void put_out(std::string_view object);

  // Columns for the view's lines; none when nobody would see them.
  [[nodiscard]] std::optional<std::size_t> view_width() const;
  void show(const std::vector<ViewLine>& lines);
  // No view for now: somebody else writes to the terminal.
  void clear();
  // No view any more: the program is about to end.
  void end_view();

  // What was told and logged last, the oldest first.
  [[nodiscard]] const std::deque<std::string>& last_lines() const { return last_lines_; }

 private:
  void say(std::string_view line);
  void on_log_line(std::string_view line);
  void keep(std::string_view line);

  Stage stage_;
  For for_;
  bool view_ended_ = false;
  StandingLines standing_;
  std::optional<obs::LogFile> file_;
  std::deque<std::string> last_lines_;
  obs::Log log_;
  obs::Log kept_;  // sentences as the file has them
};

}  // namespace softlan::runtime
