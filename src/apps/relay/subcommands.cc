#include "apps/relay/subcommands.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "apps/common/secret_file.h"
#include "auth/pass.h"
#include "auth/verifier.h"
#include "platform/system_random.h"
#include "runtime/relay_settings.h"

namespace softlan::apps {

namespace {

// "1 room, 3 passes"
std::string count(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : what == "pass" ? "es" : "s");
}

std::string_view in_words(relay::Entry entry) {
  switch (entry) {
    case relay::Entry::open:
      return "gateways may found others";
    case relay::Entry::listed:
      return "there are no others";
    case relay::Entry::passless:
      break;
  }
  return "passless: whoever knows a room's code may enter it";
}

std::size_t count_passes(const relay::PassesByRoom& rooms) {
  std::size_t sum = 0;
  for (const auto& [code, passes] : rooms) sum += passes.clients.size() + passes.gateways.size();
  return sum;
}

Result<std::string> read_pass(const std::string& path) {
  const auto text = read_secret(path);
  return text ? auth::check_pass(*text) : text;
}

}  // namespace

void CheckConfig::add_to(CommandLine& line) {
  CLI::App* command = line.options().add_subcommand("check-config", "Say whether a relay.toml is in order, and end");
  command->footer("");
  command->add_option("FILE", file_, "The file")->required()->type_name("");
  command_ = command;
}

std::optional<int> CheckConfig::run(const CommandLine& line) const {
  if (!command_->parsed()) return std::nullopt;
  const auto settings = runtime::load_relay_settings(file_, {});
  if (!settings) {
    line.give_up(settings.error().message);
    return kExitUsage;
  }
  std::printf("%s is in order: %s, %s; %s.\n", file_.c_str(), count(settings->relay.own_rules.size(), "room").c_str(),
              count(count_passes(settings->passes), "pass").c_str(), std::string(in_words(settings->entry)).c_str());
  return 0;
}

void NewPass::add_to(CommandLine& line) {
  CLI::App* command = line.options().add_subcommand(
      "new-pass", "Make a pass for people, and the verifier of it for relay.toml, and end");
  command->footer(
      "The verifier goes into client_passes or gateway_passes of a room in relay.toml, the pass to its people.\n");
  command
      ->add_option("--salt-of", salt_of_,
                   "The verifier that stands first in the list this one is for: those of a list share their salt")
      ->type_name("VERIFIER");
  command
      ->add_option("--pass-file", pass_file_,
                   "Take the pass from this file instead of making one; '-' reads it from standard input")
      ->type_name("FILE");
  command_ = command;
}

std::optional<int> NewPass::run(const CommandLine& line) const {
  if (!command_->parsed()) return std::nullopt;
  platform::SystemRandom random;
  const auto pass = pass_file_.empty() ? Result<std::string>(auth::generate_pass(random)) : read_pass(pass_file_);
  if (!pass) return line.refuse(fmt::format("--pass-file: {}", pass.error().message));
  auto verifier = auth::make_verifier(*pass, random);
  if (!salt_of_.empty()) {
    const auto first = auth::parse_verifier(salt_of_);
    if (!first) return line.refuse(fmt::format("--salt-of: {}", first.error().message));
    if (first->iterations != auth::kIterations) {
      return line.refuse(
          fmt::format("--salt-of: that verifier has {} iterations and this program's have {}, so they "
                      "cannot be in one list; make that one anew",
                      first->iterations, auth::kIterations));
    }
    verifier = auth::make_verifier(*pass, first->salt);
  }
  if (pass_file_.empty()) std::printf("pass:     %s\n", pass->c_str());
  std::printf("verifier: \"%s\"\n", to_string(verifier).c_str());
  return 0;
}

}  // namespace softlan::apps
