// A question to the program that runs on this machine, asked by another call of the same program.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/common/command_line.h"
#include "base/result.h"

namespace softlan::apps {

class Question {
 public:
  // To the program whose --status-socket is `path`; empty: at the usual place.
  explicit Question(std::string path = {}) : path_(std::move(path)) {}

  // Adds --status-socket to a subcommand.
  void add_to(CLI::App& command);

  // The answer, or why there is none: a sentence.
  [[nodiscard]] Result<std::string> ask(const CommandLine& line, const std::vector<std::string>& words) const;
  // The answer on standard output, or the sentence on standard error; the exit code.
  [[nodiscard]] int ask_once(const CommandLine& line, const std::vector<std::string>& words) const;

 private:
  std::string path_;
};

}  // namespace softlan::apps
