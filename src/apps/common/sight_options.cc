#include "apps/common/sight_options.h"

#include <utility>

#include "obs/log_file.h"

namespace softlan::apps {

void SightOptions::add_to(CommandLine& line) {
  CLI::App& options = line.options();
  options
      .add_option("--log-file", log_file_,
                  "Keep what is said and logged in this file, too; at 4 MiB it is moved aside and begun anew")
      ->type_name("FILE");
  options.add_flag("--json-status", json_status_,
                   "For programs: the status as one JSON object a line on standard output, every second, and nothing "
                   "else there");
}

Result<std::unique_ptr<runtime::Voice>> SightOptions::make_voice(const CommandLine& line) const {
  using For = runtime::Voice::For;
  auto voice = std::make_unique<runtime::Voice>(runtime::standard_stage(), json_status_ ? For::programs : For::people,
                                                line.log_level(), line.log_format());
  if (!log_file_.empty()) {
    auto file = obs::LogFile::open(log_file_);
    if (!file) return fail("--log-file: {}", file.error().message);
    voice->keep_in(*std::move(file));
  }
  return voice;
}

runtime::Launch launch_of(const CommandLine& line, const MemberOptions& member) {
  return {.software = line.software(), .flags = line.shown_flags(), .secrets = member.secrets()};
}

}  // namespace softlan::apps
