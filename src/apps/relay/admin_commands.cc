#include "apps/relay/admin_commands.h"

namespace softlan::apps {

void AdminCommands::add_to(CommandLine& line) {
  CLI::App& options = line.options();
  add_kick(options);
  CLI::App* bans = options.add_subcommand("bans", "List who is banned, and end");
  CLI::App* unban = options.add_subcommand("unban", "Lift a ban, and end");
  unban->add_option("NUMBER", number_, "As \"bans\" lists it")->required()->type_name("");
  CLI::App* frame_log = options.add_subcommand("frame-log", "Log every frame of one room, or stop that, and end");
  frame_log->add_option("ROOM", room_, "The room")->required()->type_name("");
  frame_log->add_option("STATE", on_or_off_, "on or off")
      ->required()
      ->check(CLI::IsMember({"on", "off"}).description(""))
      ->type_name("");
  for (CLI::App* command : {bans, unban, frame_log}) question_.add_to(*command);
  bans_ = bans;
  unban_ = unban;
  frame_log_ = frame_log;
}

void AdminCommands::add_kick(CLI::App& options) {
  CLI::App* kick = options.add_subcommand("kick", "Put a member out of its room, and end");
  kick->add_option("ROOM", room_, "The room")->required()->type_name("");
  kick->add_option("WHO", who_, "Its number, MAC or name, as \"status\" shows them")->required()->type_name("");
  CLI::Option* ban = kick->add_flag("--ban", ban_, "Keep it out, wherever it comes from: all rooms of this relay");
  kick->add_option("--minutes", minutes_, "Only for so long (default: for ever)")
      ->needs(ban)
      ->check(CLI::Range(1, 60 * 24 * 366).description(""))
      ->type_name("N");
  kick->add_flag("--address", address_, "Also everybody else from its address: perhaps a whole household")->needs(ban);
  question_.add_to(*kick);
  kick_ = kick;
}

std::optional<int> AdminCommands::run(const CommandLine& line) const {
  if (kick_->parsed()) return question_.ask_once(line, kick_words());
  if (bans_->parsed()) return question_.ask_once(line, {"bans"});
  if (unban_->parsed()) return question_.ask_once(line, {"unban", number_});
  if (frame_log_->parsed()) return question_.ask_once(line, {"frame-log", room_, on_or_off_});
  return std::nullopt;
}

std::vector<std::string> AdminCommands::kick_words() const {
  if (!ban_) return {"kick", room_, who_};
  std::vector<std::string> words{"ban", room_, who_, std::to_string(minutes_)};
  if (address_) words.emplace_back("address");
  return words;
}

}  // namespace softlan::apps
