// What the three programs' command lines have in common: parsing, help, and how mistakes are told.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "obs/log.h"

namespace softlan::apps {

inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;

// A CLI11 option parser with --version, --log-level and --log-format.
class CommandLine {
 public:
  CommandLine(std::string program, const std::string& description, const std::string& footer);

  [[nodiscard]] CLI::App& options() { return app_; }
  // A flag that the program has on another system; whoever gives it here is told why not. --help says nothing of it.
  void add_foreign(const std::string& flag, const std::string& why);
  // The exit code when the program must not go on: help was asked for (0) or an option is wrong (usage).
  [[nodiscard]] std::optional<int> parse(int argc, char** argv);
  // "PROGRAM: MESSAGE" on standard error, and the exit code.
  int refuse(const std::string& message) const;  // usage
  int give_up(const std::string& message) const;

  [[nodiscard]] const std::string& program() const { return program_; }
  // "lanparty-client 0.1.0"
  [[nodiscard]] std::string software() const;
  [[nodiscard]] obs::Log make_log() const;
  [[nodiscard]] obs::Level log_level() const { return level_; }
  [[nodiscard]] obs::LogFormat log_format() const { return format_; }
  // The flags that were given, as words. Values are shown of those only that nobody could misuse.
  [[nodiscard]] std::vector<std::string> shown_flags() const;

 private:
  std::string program_;
  CLI::App app_;
  obs::Level level_ = obs::Level::info;
  obs::LogFormat format_ = obs::LogFormat::text;
};

}  // namespace softlan::apps
