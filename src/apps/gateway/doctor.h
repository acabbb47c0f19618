// "lanparty-gateway doctor": looks at this machine, its LAN and the way to the relay before the players do, and says
// what is wrong with them (docs/doctor.md).
#pragma once

#include <optional>
#include <string>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "base/result.h"

namespace softlan::apps {

class DoctorCommand {
 public:
  void add_to(CommandLine& line);
  // The exit code when this is what was asked for: 0 when nothing stands in the way, 1 when something does. Without a
  // relay in `member` only machine and LAN are looked at.
  [[nodiscard]] std::optional<int> run(const CommandLine& line, MemberOptions& member,
                                       const std::string& interface) const;

 private:
  const CLI::App* command_ = nullptr;
  bool json_ = false;
};

// The part that takes no time, before a gateway starts: prints what somebody should know, one sentence each. The error
// is why it should not start at all.
[[nodiscard]] Result<void> preflight(const std::string& interface);

}  // namespace softlan::apps
