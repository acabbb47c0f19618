// Plays many random scenarios; a seed that fails is named, explained and left as a timeline and a capture.
//
//   sim_seeds_test [--seeds COUNT] [--first SEED] [--faults A,B,...|all|none] [--keep FOLDER] [--verbose]
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario_run.h"

namespace {

using namespace softlan;
using namespace softlan::sim;

std::set<Fault> all_faults() {
  std::set<Fault> faults;
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Fault::count_); ++i) faults.insert(static_cast<Fault>(i));
  return faults;
}

// Every so many seeds, one is played twice: it must be the same run.
constexpr std::uint64_t kRepeated = 20;

struct Options {
  std::uint64_t first = 1;
  std::uint64_t count = 200;
  std::set<Fault> faults = all_faults();
  std::string folder = SOFTLAN_SIM_OUTPUT;
  bool verbose = false;
};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::set<Fault>> parse_faults(std::string_view text) {
  std::set<Fault> faults = all_faults();
  if (text != "all") std::erase_if(faults, [&](Fault fault) { return text.find(to_string(fault)) == text.npos; });
  if (faults.empty() && text != "none") return std::nullopt;
  return faults;
}

std::optional<Options> parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--verbose") {
      options.verbose = true;
      continue;
    }
    if (++i == argc) return std::nullopt;
    const auto number = parse_number(argv[i]);
    if (flag == "--seeds" && number) {
      options.count = *number;
    } else if (flag == "--first" && number) {
      options.first = *number;
    } else if (flag == "--faults" && parse_faults(argv[i])) {
      options.faults = *parse_faults(argv[i]);
    } else if (flag == "--keep") {
      options.folder = argv[i];
    } else {
      return std::nullopt;
    }
  }
  return options;
}

double in_seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

// Plays it again, remembering everything: the same seed fails the same way.
void explain(const Scenario& scenario, const Credentials& credentials, const Outcome& outcome,
             const std::string& folder) {
  fmt::print("FAILED {}\n", scenario.describe());
  for (const std::string& finding : outcome.findings) fmt::print("  {}\n", finding);
  for (const std::string& account : outcome.accounts) fmt::print("    {}\n", account);
  std::filesystem::create_directories(folder);
  const Outcome again = play(scenario, credentials, folder);
  fmt::print("  timeline and capture: {}/{}.txt, .pcapng\n", folder, scenario.seed);
  if (again.hash != outcome.hash) fmt::print("  and the second run was another one: not deterministic\n");
  std::fflush(stdout);
}

int run(const Options& options) {
  const Credentials credentials(kMostMembers);
  std::uint64_t failed = 0;
  std::size_t delivered = 0;
  Duration played{};
  Duration slowest{};
  for (std::uint64_t seed = options.first; seed < options.first + options.count; ++seed) {
    const Scenario scenario = make_scenario(seed, options.faults);
    Outcome outcome = play(scenario, credentials);
    if (seed % kRepeated == 0 && play(scenario, credentials).hash != outcome.hash) {
      outcome.findings.push_back("played again, it was another run");
    }
    if (!outcome.findings.empty()) {
      ++failed;
      explain(scenario, credentials, outcome, options.folder);
    } else if (options.verbose) {
      fmt::print("{}: back after {:.1f} s, hash {:016x}\n", scenario.describe(), in_seconds(outcome.back_after),
                 outcome.hash);
    }
    delivered += outcome.delivered;
    played += outcome.virtual_time;
    slowest = std::max(slowest, outcome.back_after);
  }
  fmt::print("{} seeds from {}: {} failed; {:.0f} s played, {} frames delivered, slowest return {:.1f} s\n",
             options.count, options.first, failed, in_seconds(played), delivered, in_seconds(slowest));
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (options) return run(*options);
  fmt::print(stderr,
             "usage: {} [--seeds COUNT] [--first SEED] [--faults A,B,...|all|none] [--keep FOLDER] [--verbose]\n",
             argv[0]);
  return 2;
}
