// What a relay's admin can ask and do while it runs, as words (status_server.h):
//
//   status text|json [ROOM]      ban ROOM WHO MINUTES [address]     bans
//   kick ROOM WHO                frame-log ROOM on|off              unban NUMBER
//
// WHO is a peer id, a MAC or a name; MINUTES 0 means for ever. Text for people comes back, also about what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "obs/log.h"
#include "quic/endpoint.h"
#include "relay/relay.h"
#include "relay/status.h"
#include "runtime/ban_file.h"
#include "runtime/relay_report.h"
#include "runtime/status_server.h"

namespace softlan::runtime {

struct RelayConsoleConfig {
  std::string software;
  std::string ban_file;
  std::function<std::int64_t()> unix_time;
  std::function<quic::EndpointCounters()> strangers;
  std::function<std::optional<std::int64_t>()> certificate_expires;  // Unix time; may be empty
};

class RelayConsole {
 public:
  // Takes the bans of an earlier run from their file; when that cannot be read, none, and the log says so. Borrows
  // `relay` and `log`.
  RelayConsole(TimePoint now, RelayConsoleConfig config, relay::Relay& relay, obs::Log& log);

  [[nodiscard]] Answer answer(TimePoint now, std::span<const std::string> words);
  [[nodiscard]] std::string metrics(TimePoint now) const;

  // Measures rates, once a second.
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return sample_at_; }

 private:
  using Words = std::span<const std::string>;

  [[nodiscard]] RelayReport report(TimePoint now, std::string_view room, std::size_t max_members) const;
  [[nodiscard]] Answer status(TimePoint now, Words words) const;
  [[nodiscard]] Answer kick(TimePoint now, Words words);
  [[nodiscard]] Answer ban(TimePoint now, Words words);
  [[nodiscard]] Answer list_bans(TimePoint now) const;
  [[nodiscard]] Answer unban(TimePoint now, Words words);
  [[nodiscard]] Answer frame_log(Words words);
  // The one member that is meant, or why there is none.
  [[nodiscard]] std::expected<const relay::Seat*, Answer> find(std::string_view room, std::string_view who) const;
  // What to add to an answer when the file could not be written.
  [[nodiscard]] std::string save(TimePoint now);

  RelayConsoleConfig config_;
  relay::Relay& relay_;
  obs::Log& log_;
  TimePoint started_;
  std::int64_t started_unix_;
  TimePoint sample_at_{};
};

}  // namespace softlan::runtime
