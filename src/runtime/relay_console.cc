#include "runtime/relay_console.h"

#include <fmt/format.h>

#include <charconv>
#include <numeric>
#include <utility>

#include "auth/guess_limit.h"
#include "base/text.h"
#include "ctrl/validate.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

constexpr std::uint32_t kMostMinutes = 60 * 24 * 366;

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most) return std::nullopt;
  return number;
}

std::string title(const relay::Seat& seat) {
  return fmt::format("{} (#{}, {})", seat.name.empty() ? "nameless" : seat.name, to_number(seat.id),
                     proto::to_string(seat.mac));
}

std::string time_left(TimePoint now, TimePoint expires) {
  if (expires == kNever) return "for ever";
  return "for " + in_words(std::chrono::ceil<std::chrono::seconds>(expires - now)) + " more";
}

Answer no_such_room(std::string_view room) { return refuse(fmt::format("there is no room {} now\n", printable(room))); }

// The one member that is meant, or why there is none.
std::expected<const relay::Seat*, Answer> find(const relay::Room& room, std::string_view who) {
  const auto members = relay::find_members(room, who);
  if (members.empty()) {
    return std::unexpected(refuse(fmt::format("nobody in room {} is called {}\n", room.code(), printable(who))));
  }
  if (members.size() == 1) return members.front();
  std::string text =
      fmt::format("{} members of room {} are called {}; say which:\n", members.size(), room.code(), printable(who));
  for (const relay::Seat* seat : members) text += fmt::format("  {}\n", title(*seat));
  return std::unexpected(refuse(std::move(text)));
}

Answer not_understood() { return refuse("this program does not know that question; are both of the same version?\n"); }

}  // namespace

RelayConsole::RelayConsole(TimePoint now, RelayConsoleConfig config, RelayWorkers& workers, obs::Log& log)
    : config_(std::move(config)), workers_(workers), log_(log), started_(now), started_unix_(config_.unix_time()) {
  const auto bans = load_bans(config_.ban_file, {now, started_unix_});
  if (!bans) {
    log_.error("bans are not in force", {{"reason", bans.error().message}});
    return;
  }
  for (const relay::Ban& ban : *bans) (void)bans_.add(now, ban);
  enforce_bans();
}

Answer RelayConsole::answer(TimePoint now, Words words) {
  const std::string& verb = words.front();
  const Words rest = words.subspan(1);
  if (verb == "status" && (rest.size() == 1 || rest.size() == 2)) return status(now, rest);
  if (verb == "kick" && rest.size() == 2) return kick(rest);
  if (verb == "ban" && (rest.size() == 3 || rest.size() == 4)) return ban(now, rest);
  if (verb == "bans" && rest.empty()) return list_bans(now);
  if (verb == "unban" && rest.size() == 1) return unban(now, rest);
  if (verb == "frame-log" && rest.size() == 2) return frame_log(rest);
  return not_understood();
}

RelayReport RelayConsole::report(TimePoint now, std::string_view room, std::size_t max_members) const {
  std::vector<relay::RelayStatus> parts(workers_.count());
  workers_.ask_all([&](std::size_t worker, const relay::Relay& relay, TimePoint workers_now) {
    parts[worker] = relay::status_of(workers_now, relay, room, max_members);
  });
  return {.software = config_.software,
          .workers = workers_.count(),
          .uptime = now - started_,
          .started = started_unix_,
          .certificate_expires = config_.certificate_expires ? config_.certificate_expires() : std::nullopt,
          .relay = merge(std::move(parts), max_members),
          .packets = workers_.packets()};
}

std::string RelayConsole::metrics(TimePoint now) const { return to_metrics(report(now, {}, 0)); }

Answer RelayConsole::status(TimePoint now, Words words) const {
  const std::string room = words.size() == 2 ? ctrl::canonical_room(words[1]) : "";
  const RelayReport told = report(now, room, kMaxMembersTold);
  if (!room.empty() && told.relay.rooms.empty()) return no_such_room(room);
  if (words[0] == "json") return {.text = to_json(told)};
  return words[0] == "text" ? Answer{.text = to_text(told)} : not_understood();
}

Answer RelayConsole::in_room(std::string_view room, const InRoom& work) const {
  const std::string code = ctrl::canonical_room(room);
  Answer answer;
  workers_.ask_room(code, [&](std::size_t, relay::Relay& relay, TimePoint now) {
    relay::Room* found = relay.room(code);
    answer = found ? work(relay, *found, now) : no_such_room(room);
  });
  return answer;
}

Answer RelayConsole::kick(Words words) {
  return in_room(words[0], [&](relay::Relay& relay, const relay::Room& room, TimePoint now) -> Answer {
    const auto seat = find(room, words[1]);
    if (!seat) return seat.error();
    const std::string who = title(**seat);
    relay.kick(now, {&*seat, 1}, "removed by the relay's admin");
    return {.text = fmt::format("{} is out; nothing keeps it from coming back (see --ban)\n", who)};
  });
}

Answer RelayConsole::ban(TimePoint now, Words words) {
  const auto minutes = parse_number(words[2], kMostMinutes);
  const bool with_address = words.size() == 4;
  if (!minutes || (with_address && words[3] != "address")) return not_understood();
  relay::Ban ban;
  std::string who;
  Answer answer = in_room(words[0], [&](relay::Relay&, const relay::Room& room, TimePoint) -> Answer {
    const auto seat = find(room, words[1]);
    if (!seat) return seat.error();
    ban = {.identity = (*seat)->identity, .source = {}, .name = (*seat)->name, .room = room.code()};
    if (with_address) ban.source = auth::source_of((*seat)->link->peer_address().ip);
    who = title(**seat);
    return {};
  });
  if (!answer.ok) return answer;
  if (*minutes > 0) ban.expires = now + std::chrono::minutes(*minutes);
  const relay::Ban* added = bans_.add(now, std::move(ban));
  if (!added) {
    return refuse(fmt::format("there are {} bans already; lift some with unban\n", relay::BanList::kMaxBans));
  }
  log_.info("banned", {{"member", who},
                       {"room", added->room},
                       {"minutes", *minutes},
                       {"source", added->source ? to_string(*added->source) : ""}});
  const std::size_t out = enforce_bans();
  return {.text = fmt::format("{} is out and banned {}, ban {}{}\n", who,
                              *minutes > 0 ? fmt::format("for {} min", *minutes) : "for ever", added->number,
                              out > 1 ? fmt::format("; so are {} more from there", out - 1) : "") +
                  save(now)};
}

std::size_t RelayConsole::enforce_bans() {
  std::vector<std::size_t> out(workers_.count());
  workers_.ask_all([&](std::size_t worker, relay::Relay& relay, TimePoint now) {
    relay.bans() = bans_;
    const auto banned = relay::find_banned(relay, now);
    out[worker] = banned.size();
    relay.kick(now, banned, "banned by the relay's admin");
  });
  return std::accumulate(out.begin(), out.end(), std::size_t{0});
}

Answer RelayConsole::list_bans(TimePoint now) const {
  const auto bans = bans_.in_force(now);
  if (bans.empty()) return {.text = "nobody is banned\n"};
  Table table;
  table.row({"ban", "name", "in room", "address", "time"});
  for (const relay::Ban& ban : bans) {
    table.row({std::to_string(ban.number), ban.name.empty() ? "-" : ban.name, ban.room,
               ban.source ? to_string(*ban.source) : "any", time_left(now, ban.expires)});
  }
  return {.text = table.text(0)};
}

Answer RelayConsole::unban(TimePoint now, Words words) {
  const auto number = parse_number(words[0], std::numeric_limits<std::uint32_t>::max());
  if (!number || !bans_.lift(*number)) {
    return refuse(fmt::format("there is no ban {}; bans lists them\n", printable(words[0])));
  }
  enforce_bans();
  log_.info("ban lifted", {{"ban", *number}});
  return {.text = fmt::format("ban {} is lifted\n", *number) + save(now)};
}

std::string RelayConsole::save(TimePoint now) {
  const auto saved = save_bans(config_.ban_file, {now, config_.unix_time()}, bans_.in_force(now));
  if (saved) return {};
  log_.error("bans were not written", {{"reason", saved.error().message}});
  return fmt::format("but it will be forgotten when the relay ends: {}\n", saved.error().message);
}

Answer RelayConsole::frame_log(Words words) {
  if (words[1] != "on" && words[1] != "off") return not_understood();
  const bool on = words[1] == "on";
  if (on && !log_.enabled(obs::Level::info)) return refuse("the relay's --log-level hides it: it takes info\n");
  return in_room(words[0], [&](relay::Relay&, relay::Room& room, TimePoint) -> Answer {
    room.frame_log().set(on);
    if (!on) return {.text = fmt::format("frames of room {} are no longer logged\n", room.code())};
    return {.text = fmt::format(
                "frames of room {} go to the relay's log, {} a second at most, until you switch it off or the room is "
                "empty\n",
                room.code(), relay::FrameLog::kLinesPerSecond)};
  });
}

}  // namespace softlan::runtime
