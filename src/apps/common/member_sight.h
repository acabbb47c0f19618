// What a gateway or a client shows of itself while it runs.
#pragma once

#include <memory>

#include "apps/common/command_line.h"
#include "apps/common/status_socket.h"
#include "obs/log.h"
#include "runtime/loop.h"
#include "runtime/member_console.h"
#include "session/session.h"

namespace softlan::apps {

class MemberSight {
 public:
  // Borrows `loop`, `log` and `session`.
  MemberSight(const StatusSocket& socket, const CommandLine& line, runtime::Loop& loop, obs::Log& log,
              const session::Session& session)
      : console_(loop.now(), line.software(), session),
        server_(
            socket.open(line, loop, log, [this](TimePoint now, auto words) { return console_.answer(now, words); })) {
    loop.attach({.next_deadline = [this] { return console_.next_deadline(); },
                 .on_deadline = [this](TimePoint now) { console_.on_deadline(now); },
                 .flush = {}});
  }

 private:
  runtime::MemberConsole console_;
  std::unique_ptr<runtime::StatusServer> server_;
};

}  // namespace softlan::apps
