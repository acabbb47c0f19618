#include "apps/relay/reload.h"

#include <string>
#include <utility>

namespace softlan::apps {

namespace {

// The keys whose change is only seen by the next start.
std::string changed_for_restart(const runtime::RelaySettings& running, const runtime::RelaySettings& fresh) {
  std::string keys;
  const auto compare = [&](std::string_view key, const auto& before, const auto& after) {
    if (before != after) keys += (keys.empty() ? "" : ", ") + std::string(key);
  };
  compare("listen", running.listen, fresh.listen);
  compare("server_names", running.server_names, fresh.server_names);
  compare("cert", running.certificate_file, fresh.certificate_file);
  compare("key", running.key_file, fresh.key_file);
  compare("state_dir", running.state_directory, fresh.state_directory);
  compare("threads", running.threads, fresh.threads);
  compare("priority", running.priority, fresh.priority);
  compare("room_mtu", running.relay.room_mtu, fresh.relay.room_mtu);
  return keys;
}

}  // namespace

void Reload::run(const runtime::Moment& moment) {
  auto fresh = options_.settings(moment);
  if (!fresh) return log_.error("configuration not reloaded: nothing changes", {{"reason", fresh.error().message}});
  fresh->relay.software = running_.relay.software;
  if (const std::string keys = changed_for_restart(running_, *fresh); !keys.empty())
    log_.warn("a change takes effect with the next start only", {{"keys", keys}});
  if (fresh->entry != running_.entry) warn_when_passless(*fresh, log_);
  log_.info("configuration reloaded", {{"rooms", fresh->relay.own_rules.size()}});
  running_.entry = fresh->entry;
  door_.set_entry(fresh->entry);
  door_.list(std::move(fresh->passes));
  crew_.adopt(fresh->relay);
}

void warn_when_passless(const runtime::RelaySettings& settings, obs::Log& log) {
  if (settings.entry == relay::Entry::passless)
    log.warn("rooms have no passes: whoever reaches this relay and knows a room's code may enter it");
}

}  // namespace softlan::apps
