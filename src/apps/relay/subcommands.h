// What the relay's program can do instead of running: check a relay.toml, make a pass.
#pragma once

#include <optional>
#include <string>

#include "apps/common/command_line.h"

namespace softlan::apps {

// "lanparty-relay check-config FILE": says on standard output what the file comes to, or what is wrong with it.
class CheckConfig {
 public:
  void add_to(CommandLine& line);
  // The exit code when this is what was asked for.
  [[nodiscard]] std::optional<int> run(const CommandLine& line) const;

 private:
  const CLI::App* command_ = nullptr;
  std::string file_;
};

// "lanparty-relay new-pass": a pass for people, and the line of relay.toml that lets them in.
class NewPass {
 public:
  void add_to(CommandLine& line);
  // As above.
  [[nodiscard]] std::optional<int> run(const CommandLine& line) const;

 private:
  const CLI::App* command_ = nullptr;
  std::string salt_of_;
  std::string pass_file_;
};

}  // namespace softlan::apps
