// All a gateway or a client tells about itself, and the two forms it is told in. docs/status.md has the fields.
#pragma once

#include <string>

#include "base/time.h"
#include "obs/snapshot.h"
#include "runtime/machine_facts.h"
#include "session/status.h"

namespace softlan::runtime {

struct MemberReport {
  std::string software;
  Duration uptime{};
  session::Status session;
  obs::Rates rates;  // of the frames from (in) and to (out) the relay
  MachineFacts machine{};
};

// Of link and port together: their drops are never of the same frame.
[[nodiscard]] obs::Counters all_drops(const session::Status& status);

[[nodiscard]] std::string to_text(const MemberReport& report);
[[nodiscard]] std::string to_json(const MemberReport& report);

}  // namespace softlan::runtime
