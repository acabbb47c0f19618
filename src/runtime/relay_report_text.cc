#include <fmt/chrono.h>
#include <fmt/format.h>

#include "ctrl/validate.h"
#include "runtime/relay_report.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string rejected(const relay::RejectCounts& counts) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", ctrl::to_string(static_cast<ctrl::RejectCode>(i)), counts[i]);
  }
  return text.empty() ? "none" : text;
}

std::string strangers(const quic::EndpointCounters& c, std::uint64_t not_seated) {
  return fmt::format(
      "{} junk packets, {} of unknown connections, {} connections refused, {} handshakes failed, {} frames without a "
      "seat",
      c.junk_packets, c.unknown_connections, c.refused_connections, c.failed_handshakes, not_seated);
}

std::string percent(const ctrl::Echoes& echoes) { return fmt::format("{:.1f} %", 100.0 * echoes.lost / echoes.due); }

std::string counts_text(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{}{}:{}", text.empty() ? "" : ",", name, count);
  return text;
}

std::string compared(const relay::MemberStatus& member) {
  return fmt::format("says it sent {} frames, {} arrived; was sent {}, says it got {}", member.up->sent,
                     member.up->arrived, member.down->sent, member.down->arrived);
}

// What the member says that is worth a look.
std::string troubles_told(const relay::Told& told) {
  std::string text;
  const auto add = [&text](std::string part) { text += (text.empty() ? "says it " : ", ") + std::move(part); };
  if (told.echoes.lost > 0) add(fmt::format("loses {} of echoes to here", percent(told.echoes)));
  if (told.gateway_echoes.lost > 0) add(fmt::format("loses {} of echoes to the gateway", percent(told.gateway_echoes)));
  if (told.seats > 1) add(fmt::format("came back {}", plural(told.seats - 1, "time", "times")));
  if (!told.drops.empty()) add("dropped " + counts_text(told.drops));
  return text;
}

std::string members_table(const relay::RoomStatus& room) {
  Table table;
  table.row({"#", "name", "role", "MAC", "address", "leg", "to gateway", "from it", "to it", "queue", "lost"});
  for (const relay::MemberStatus& member : room.members) {
    table.row({std::to_string(to_number(member.peer)), member.name.empty() ? "-" : member.name,
               std::string(ctrl::to_string(member.role)), proto::to_string(member.mac), to_string(member.address),
               in_ms(member.rtt), in_ms(member.gateway_rtt), in_words(member.rates.in), in_words(member.rates.out),
               member.queued_bytes == 0 ? "-" : fmt::format("{} B {}", member.queued_bytes, in_ms(member.queue_delay)),
               std::to_string(member.packets_lost)});
    if (member.up) table.note(compared(member));
    if (const std::string troubles = member.told ? troubles_told(*member.told) : ""; !troubles.empty())
      table.note(troubles);
    if (const std::string drops = obs::drops_text(member.counters); drops != "none") table.note("drops " + drops);
  }
  return table.text(2);
}

std::string room_text(const relay::RoomStatus& room) {
  std::string text = fmt::format("\nRoom {}: {}, {}", room.code, room.has_gateway ? "gateway here" : "no gateway",
                                 plural(room.clients, "client", "clients"));
  if (room.held_seats > 0) text += fmt::format(", {} held", plural(room.held_seats, "seat", "seats"));
  if (room.frame_log) text += ", frames are logged";
  text += fmt::format("\n  {} frames in, {} out; drops {}\n", room.counters.in.frames, room.counters.out.frames,
                      obs::drops_text(room.counters));
  if (!room.members.empty()) text += members_table(room);
  if (room.not_listed > 0) text += fmt::format("  and {} more; ask for this room alone\n", room.not_listed);
  return text;
}

}  // namespace

std::string to_text(const RelayReport& report) {
  std::size_t members = 0;
  for (const relay::RoomStatus& room : report.relay.rooms) members += room.clients + (room.has_gateway ? 1 : 0);
  std::string text =
      fmt::format("{}, up {}: {}, {}, {} without a seat, {}\n", report.software, in_words(report.uptime),
                  plural(report.relay.rooms.size(), "room", "rooms"), plural(members, "member", "members"),
                  plural(report.relay.waiting, "connection", "connections"), plural(report.relay.bans, "ban", "bans"));
  if (report.certificate_expires) {
    text += fmt::format("certificate valid until {:%Y-%m-%d}\n", fmt::gmtime(*report.certificate_expires));
  }
  text += fmt::format("rejected: {}\n", rejected(report.relay.rejected));
  text += fmt::format("strangers: {}\n", strangers(report.packets.strangers, report.relay.not_seated));
  for (const relay::RoomStatus& room : report.relay.rooms) text += room_text(room);
  return text;
}

}  // namespace softlan::runtime
