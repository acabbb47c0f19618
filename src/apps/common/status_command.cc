#include "apps/common/status_command.h"

#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

namespace softlan::apps {

namespace {

// Over the text before it, without a flicker: each line is cleared behind its end, then all below (ECMA-48).
std::string in_place(const std::string& text) {
  std::string shown = "\x1b[H";
  for (const char c : text) {
    if (c == '\n') shown += "\x1b[K";
    shown += c;
  }
  return shown + "\x1b[J";
}

}  // namespace

void StatusCommand::add_to(CommandLine& line) {
  CLI::App* command =
      line.options().add_subcommand("status", "Say what the " + line.program() + " running here does, and end");
  if (about_ == About::many_rooms) {
    command->add_option("ROOM", room_, "Of this room alone (default: of all)")->type_name("");
  }
  command->add_flag("--watch", watch_, "Go on, every second, until interrupted");
  command->add_flag("--json", json_, "For programs: one JSON object a line");
  question_.add_to(*command);
  command_ = command;
}

std::optional<int> StatusCommand::run(const CommandLine& line) const {
  if (!command_->parsed()) return std::nullopt;
  std::vector<std::string> words{"status", json_ ? "json" : "text"};
  if (!room_.empty()) words.push_back(room_);
  return watch_ ? watch(line, words) : question_.ask_once(line, words);
}

int StatusCommand::watch(const CommandLine& line, const std::vector<std::string>& words) const {
  if (!json_) std::fputs("\x1b[2J", stdout);
  for (;;) {
    const auto answer = question_.ask(line, words);
    if (!answer) return line.give_up(answer.error().message);
    std::fputs(json_ ? answer->c_str() : in_place(*answer).c_str(), stdout);
    if (std::fflush(stdout) != 0) return 0;  // nobody reads any more
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace softlan::apps
