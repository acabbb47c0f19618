// "PROGRAM status": what the running program says of itself, once or every second.
#pragma once

#include <optional>
#include <string>

#include "apps/common/command_line.h"
#include "apps/common/question.h"

namespace softlan::apps {

class StatusCommand {
 public:
  enum class About : std::uint8_t { one_room, many_rooms };

  explicit StatusCommand(About about) : about_(about) {}
  void add_to(CommandLine& line);
  // The exit code when this is what was asked for.
  [[nodiscard]] std::optional<int> run(const CommandLine& line) const;

 private:
  [[nodiscard]] int watch(const CommandLine& line, const std::vector<std::string>& words) const;

  About about_;
  const CLI::App* command_ = nullptr;
  Question question_;
  bool watch_ = false;
  bool json_ = false;
  std::string room_;
};

}  // namespace softlan::apps
