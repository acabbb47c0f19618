// "lanparty-client --diagnose": one report for whoever helps, with nothing secret in it.
//
// Asks the client that runs on this machine, looks at the machine, and visits the relay if the flags name one, as a
// visitor that takes nobody's seat. Needs no privilege and changes nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "apps/common/sight_options.h"
#include "base/address.h"
#include "runtime/machine_facts.h"

namespace softlan::apps {

class DiagnoseOption {
 public:
  // What this system knows, and how the running client is asked (its answer to "diagnose", or nothing).
  struct Means {
    std::function<runtime::MachineFacts(const std::optional<SocketAddress>& relay)> look;
    std::function<std::string()> ask;
  };

  void add_to(CommandLine& line);
  // The exit code when this is what was asked for.
  [[nodiscard]] std::optional<int> run(const CommandLine& line, MemberOptions& member, const SightOptions& sight,
                                       const Means& means) const;

 private:
  std::string file_;
  const CLI::Option* option_ = nullptr;
};

}  // namespace softlan::apps
