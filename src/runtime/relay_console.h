// What a relay's admin can ask and do while it runs, as words (status_server.h):
//
//   status text|json [ROOM]      ban ROOM WHO MINUTES [address]     bans
//   kick ROOM WHO                frame-log ROOM on|off              unban NUMBER
//
// WHO is a peer id, a MAC or a name; MINUTES 0 means for ever. Text for people comes back, also about what is wrong.
// Of the control thread, which asks the workers and waits for them: an answer costs them a turn.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "obs/log.h"
#include "relay/bans.h"
#include "relay/status.h"
#include "runtime/ban_file.h"
#include "runtime/relay_report.h"
#include "runtime/relay_workers.h"
#include "runtime/status_server.h"

namespace softlan::runtime {

struct RelayConsoleConfig {
  std::string software;
  std::string ban_file;
  std::function<std::int64_t()> unix_time;
  std::function<std::optional<std::int64_t>()> certificate_expires;  // Unix time; may be empty
};

class RelayConsole {
 public:
  // Takes the bans of an earlier run from their file; when that cannot be read, none, and the log says so. Borrows
  // `workers` and `log`.
  RelayConsole(TimePoint now, RelayConsoleConfig config, RelayWorkers& workers, obs::Log& log);

  [[nodiscard]] Answer answer(TimePoint now, std::span<const std::string> words);
  [[nodiscard]] std::string metrics(TimePoint now) const;

 private:
  using Words = std::span<const std::string>;
  // What is done in a turn of the worker that has the room, or why it cannot be.
  using InRoom = std::function<Answer(relay::Relay& relay, relay::Room& room, TimePoint now)>;

  [[nodiscard]] RelayReport report(TimePoint now, std::string_view room, std::size_t max_members) const;
  [[nodiscard]] Answer status(TimePoint now, Words words) const;
  [[nodiscard]] Answer kick(Words words);
  [[nodiscard]] Answer ban(TimePoint now, Words words);
  [[nodiscard]] Answer list_bans(TimePoint now) const;
  [[nodiscard]] Answer unban(TimePoint now, Words words);
  [[nodiscard]] Answer frame_log(Words words);
  [[nodiscard]] Answer in_room(std::string_view room, const InRoom& work) const;
  // Tells the workers who is banned, and puts out whom that keeps out; how many they were.
  std::size_t enforce_bans();
  // What to add to an answer when the file could not be written.
  [[nodiscard]] std::string save(TimePoint now);

  RelayConsoleConfig config_;
  RelayWorkers& workers_;
  obs::Log& log_;
  relay::BanList bans_;  // the workers have copies
  TimePoint started_;
  std::int64_t started_unix_;
};

}  // namespace softlan::runtime
