#include "apps/common/command_line.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace softlan::apps {

namespace {

// The pass in a party's link, after the "#", is nothing for the list of processes.
void hide_passes(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    char* pass = std::strstr(argv[i], "://") ? std::strchr(argv[i], '#') : nullptr;
    if (pass) std::memset(pass + 1, 'x', std::strlen(pass + 1));
  }
}

}  // namespace

CommandLine::CommandLine(std::string program, const std::string& description, const std::string& footer)
    : program_(std::move(program)), app_(description, program_) {
  app_.footer(footer);
  app_.set_version_flag("--version", software());
  app_.get_formatter()->column_width(34);
  app_.add_option("--log-level", level_, "How much to log: debug, info, warn or error (default: info)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, obs::Level>{{"debug", obs::Level::debug},
                                                                            {"info", obs::Level::info},
                                                                            {"warn", obs::Level::warn},
                                                                            {"error", obs::Level::error}})
                      .description(""))
      ->type_name("LEVEL");
  app_.add_option("--log-format", format_, "text or json, one line an event, on standard error (default: text)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, obs::LogFormat>{{"text", obs::LogFormat::text},
                                                                                {"json", obs::LogFormat::json}})
                      .description(""))
      ->type_name("FORMAT");
}

void CommandLine::add_foreign(const std::string& flag, const std::string& why) {
  app_.add_flag_callback(flag, [flag, why] { throw CLI::ValidationError(flag, why); })->group("");
}

std::optional<int> CommandLine::parse(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
    hide_passes(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app_.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app_.exit(version);
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  }
  return std::nullopt;
}

int CommandLine::refuse(const std::string& message) const {
  std::fprintf(stderr, "%s: %s (see %s --help)\n", program_.c_str(), printable(message).c_str(), program_.c_str());
  return kExitUsage;
}

int CommandLine::give_up(const std::string& message) const {
  std::fprintf(stderr, "%s: %s\n", program_.c_str(), printable(message, 1000).c_str());
  return kExitFailure;
}

std::vector<std::string> CommandLine::shown_flags() const {
  constexpr std::string_view kHarmless[] = {
      "--name",    "--relay",       "--room",      "--server-name", "--join-timeout", "--uplink-limit", "--tap",
      "--adapter", "--virtual-mac", "--interface", "--cam-refresh", "--log-level",    "--log-format"};
  std::vector<std::string> words;
  for (const CLI::Option* option : app_.get_options()) {
    if (option->count() == 0) continue;
    const std::string name = option->get_name();
    words.push_back(name);
    if (option->get_expected_max() == 0) continue;
    const bool harmless = std::ranges::find(kHarmless, name) != std::end(kHarmless);
    words.push_back(harmless ? printable(option->as<std::string>()) : "...");
  }
  return words;
}

std::string CommandLine::software() const { return program_ + " " SOFTLAN_VERSION; }

obs::Log CommandLine::make_log() const { return obs::Log(level_, format_); }

}  // namespace softlan::apps
