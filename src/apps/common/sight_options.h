// How a gateway or a client shows what goes on: --log-file and --json-status.
#pragma once

#include <memory>
#include <string>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "base/result.h"
#include "runtime/member_console.h"
#include "runtime/voice.h"

namespace softlan::apps {

class SightOptions {
 public:
  void add_to(CommandLine& line);

  // The error is a sentence about the log file.
  [[nodiscard]] Result<std::unique_ptr<runtime::Voice>> make_voice(const CommandLine& line) const;
  [[nodiscard]] const std::string& log_file() const { return log_file_; }

 private:
  std::string log_file_;
  bool json_status_ = false;
};

// What a report may tell of this call, and what it must not.
[[nodiscard]] runtime::Launch launch_of(const CommandLine& line, const MemberOptions& member);

}  // namespace softlan::apps
