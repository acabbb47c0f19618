// Puts a changed relay.toml into force while the relay runs.
#pragma once

#include "apps/relay/options.h"
#include "obs/log.h"
#include "relay/door.h"
#include "runtime/relay_crew.h"
#include "runtime/relay_settings.h"

namespace softlan::apps {

class Reload {
 public:
  // `running` is what the relay was started with. Borrows the rest.
  Reload(const RelayOptions& options, runtime::RelaySettings running, relay::Door& door, runtime::RelayCrew& crew,
         obs::Log& log)
      : options_(options), running_(std::move(running)), door_(door), crew_(crew), log_(log) {}

  // Rooms, passes, limits and guards hold from now on, also in rooms that are open; nobody loses a seat. A file with a
  // mistake in it changes nothing.
  void run(const runtime::Moment& moment);

 private:
  const RelayOptions& options_;
  runtime::RelaySettings running_;
  relay::Door& door_;
  runtime::RelayCrew& crew_;
  obs::Log& log_;
};

void warn_when_passless(const runtime::RelaySettings& settings, obs::Log& log);

}  // namespace softlan::apps
