// What the admin of a running relay can have it do: kick, bans, unban, frame-log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/command_line.h"
#include "apps/common/question.h"

namespace softlan::apps {

class AdminCommands {
 public:
  void add_to(CommandLine& line);
  // The exit code when one of them was asked for.
  [[nodiscard]] std::optional<int> run(const CommandLine& line) const;

 private:
  void add_kick(CLI::App& options);
  [[nodiscard]] std::vector<std::string> kick_words() const;

  Question question_;
  const CLI::App* kick_ = nullptr;
  const CLI::App* bans_ = nullptr;
  const CLI::App* unban_ = nullptr;
  const CLI::App* frame_log_ = nullptr;
  std::string room_;
  std::string who_;
  bool ban_ = false;
  bool address_ = false;
  std::uint32_t minutes_ = 0;
  std::string number_;
  std::string on_or_off_;
};

}  // namespace softlan::apps
