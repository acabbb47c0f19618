#include "ctrl/validate.h"
#include "runtime/relay_report.h"
#include "runtime/status_json.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

Json json_lost(const ctrl::Echoes& echoes) {
  return echoes.due == 0 ? Json(nullptr) : Json(100.0 * echoes.lost / echoes.due);
}

Json compared(const std::optional<relay::Compared>& frames) {
  if (!frames) return nullptr;
  return {{"sent", frames->sent}, {"arrived", frames->arrived}};
}

Json told_json(const std::optional<relay::Told>& told) {
  if (!told) return nullptr;
  Json drops = Json::object();
  for (const auto& [name, count] : told->drops) drops[name] = count;
  return {{"lost_percent", json_lost(told->echoes)},
          {"gateway_lost_percent", json_lost(told->gateway_echoes)},
          {"queue_delay_ms", json_ms(told->queue_delay)},
          {"seats", told->seats},
          {"drops", drops}};
}

Json member_json(const relay::MemberStatus& member) {
  return {{"peer", to_number(member.peer)},
          {"name", member.name},
          {"role", ctrl::to_string(member.role)},
          {"mac", proto::to_string(member.mac)},
          {"address", to_string(member.address)},
          {"seated_s", seconds(member.seated)},
          {"rtt_ms", json_ms(member.rtt)},
          {"gateway_rtt_ms", json_ms(member.gateway_rtt)},
          {"budget", member.budget},
          {"packets_lost", member.packets_lost},
          {"queued_bytes", member.queued_bytes},
          {"queue_delay_ms", json_ms(member.queue_delay)},
          {"traffic", json_traffic(member.counters)},
          {"rates", json_rates(member.rates)},
          {"drops", json_drops(member.counters)},
          {"up", compared(member.up)},
          {"down", compared(member.down)},
          {"told", told_json(member.told)}};
}

Json room_json(const relay::RoomStatus& room) {
  Json json = {{"room", room.code},
               {"gateway", room.has_gateway},
               {"clients", room.clients},
               {"held_seats", room.held_seats},
               {"frame_log", room.frame_log},
               {"packets_lost", room.packets_lost},
               {"traffic", json_traffic(room.counters)},
               {"drops", json_drops(room.counters)},
               {"members", Json::array()},
               {"members_not_listed", room.not_listed}};
  for (const relay::MemberStatus& member : room.members) json["members"].push_back(member_json(member));
  return json;
}

Json rejected_json(const relay::RejectCounts& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) json[std::string(ctrl::to_string(static_cast<ctrl::RejectCode>(i)))] = counts[i];
  }
  return json;
}

Json strangers_json(const quic::EndpointCounters& counters, std::uint64_t not_seated) {
  return {{"junk_packets", counters.junk_packets},
          {"unknown_connections", counters.unknown_connections},
          {"version_negotiations", counters.version_negotiations},
          {"stateless_resets", counters.stateless_resets},
          {"refused_connections", counters.refused_connections},
          {"failed_handshakes", counters.failed_handshakes},
          {"retries", counters.retries},
          {"bad_tokens", counters.bad_tokens},
          {"handshakes_delayed", counters.handshakes_delayed},
          {"not_seated", not_seated}};
}

}  // namespace

std::string to_json(const RelayReport& report) {
  Json json = {{"software", report.software},
               {"uptime_s", seconds(report.uptime)},
               {"certificate_expires", report.certificate_expires ? Json(*report.certificate_expires) : Json(nullptr)},
               {"waiting", report.relay.waiting},
               {"bans", report.relay.bans},
               {"rejected", rejected_json(report.relay.rejected)},
               {"strangers", strangers_json(report.packets.strangers, report.relay.not_seated)},
               {"workers", report.workers},
               {"handovers", {{"packets", report.packets.handed_over}, {"dropped", report.packets.handovers_dropped}}},
               {"rooms", Json::array()}};
  for (const relay::RoomStatus& room : report.relay.rooms) json["rooms"].push_back(room_json(room));
  return json_text(json);
}

}  // namespace softlan::runtime
