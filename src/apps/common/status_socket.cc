#include "apps/common/status_socket.h"

#include <utility>

namespace softlan::apps {

std::string short_name(const CommandLine& line) {
  const std::string& program = line.program();
  return program.substr(program.find('-') + 1);
}

void StatusSocket::add_to(CommandLine& line) {
  line.options()
      .add_option("--status-socket", path_,
                  "Where this program answers \"status\"; a second one on a machine needs a place of its own (default: "
                  "in /run/lanparty or the user's own such folder)")
      ->type_name("PATH");
}

std::unique_ptr<runtime::StatusServer> StatusSocket::open(const CommandLine& line, runtime::Loop& loop, obs::Log& log,
                                                          runtime::Answering answering) const {
  const std::string path = path_.empty() ? platform::default_socket_path(short_name(line)) : path_;
  if (path.empty()) {
    log.info("\"status\" is not answered: neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR is set; see --status-socket");
    return nullptr;
  }
  auto listener = platform::LocalListener::open(path);
  if (!listener) {
    log.warn("\"status\" is not answered; see --status-socket", {{"reason", listener.error().message}});
    return nullptr;
  }
  return std::make_unique<runtime::StatusServer>(loop, *std::move(listener), std::move(answering));
}

}  // namespace softlan::apps
