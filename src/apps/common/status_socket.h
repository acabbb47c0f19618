// Where the running program answers questions about itself: --status-socket, or the usual place.
#pragma once

#include <memory>
#include <string>

#include "apps/common/command_line.h"
#include "obs/log.h"
#include "runtime/status_server.h"

namespace softlan::apps {

// "relay" of lanparty-relay: what its socket is called.
[[nodiscard]] std::string short_name(const CommandLine& line);

class StatusSocket {
 public:
  void add_to(CommandLine& line);
  // As given; empty: the usual place.
  [[nodiscard]] const std::string& path() const { return path_; }

  // Null when there can be none, for which the log has the reason: the program goes on without.
  [[nodiscard]] std::unique_ptr<runtime::StatusServer> open(const CommandLine& line, runtime::Loop& loop, obs::Log& log,
                                                            runtime::Answering answering) const;

 private:
  std::string path_;
};

}  // namespace softlan::apps
