#include "runtime/member_report.h"

#include <fmt/format.h>

#include "ctrl/validate.h"
#include "runtime/status_json.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

std::string seat_text(const session::Status& status) {
  if (!status.seated) return "not in the room now, trying";
  return fmt::format("in the room as #{}, {}", to_number(status.peer),
                     status.role == ctrl::Role::gateway ? "its gateway"
                     : status.gateway_present           ? "its gateway is here"
                                                        : "no gateway here");
}

std::string traffic_text(std::string_view what, const obs::DirectionCounters& counters,
                         const obs::DirectionRates& rates) {
  return fmt::format("{} {} frames, {} bytes ({})\n", what, counters.frames, counters.bytes, in_words(rates));
}

std::string lost_text(const session::EchoTally& echoes) {
  const auto lost = percent_lost(echoes);
  return lost ? fmt::format("{:.1f} %", *lost) : "-";
}

Json json_lost(const session::EchoTally& echoes) {
  const auto lost = percent_lost(echoes);
  return lost ? Json(*lost) : Json(nullptr);
}

template <typename T>
Json json_known(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_known(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_known(const std::optional<IpAddress>& ip) { return ip ? Json(to_string(*ip)) : Json(nullptr); }

Json card_json(const std::optional<CardFacts>& card) {
  if (!card) return nullptr;
  return {{"name", json_known(card->name)},     {"guid", json_known(card->guid)},
          {"index", json_known(card->index)},   {"luid", json_known(card->luid)},
          {"driver", json_known(card->driver)}, {"mac", card->mac ? Json(proto::to_string(*card->mac)) : Json(nullptr)},
          {"mtu", json_known(card->mtu)},       {"addresses", json_known(card->addresses)}};
}

Json way_json(const std::optional<WayFacts>& way) {
  if (!way) return nullptr;
  return {{"interface", json_known(way->interface)}, {"index", json_known(way->index)},
          {"luid", json_known(way->luid)},           {"source", json_known(way->source)},
          {"next_hop", json_known(way->next_hop)},   {"pinned", json_known(way->pinned)}};
}

Json peers_json(const session::Status& status) {
  Json peers = Json::array();
  for (const ctrl::PeerJoined& peer : status.peers) {
    peers.push_back({{"peer", to_number(peer.peer)},
                     {"name", peer.name},
                     {"role", ctrl::to_string(peer.role)},
                     {"mac", proto::to_string(peer.mac)}});
  }
  return peers;
}

}  // namespace

obs::Counters all_drops(const session::Status& status) {
  obs::Counters all = status.link;
  all.in.add_drops(status.port.in);
  all.out.add_drops(status.port.out);
  return all;
}

std::string to_text(const MemberReport& report) {
  const session::Status& status = report.session;
  std::string text = fmt::format("{}, up {}\n", report.software, in_words(report.uptime));
  text += fmt::format("room {} at {}{}: {}\n", status.room, status.relay,
                      status.relay_address ? fmt::format(" ({})", to_string(*status.relay_address)) : "",
                      seat_text(status));
  if (status.seated) {
    text += fmt::format("round trip: relay {}, gateway {}; budget {} bytes; queue {} bytes, {}; {} packets lost\n",
                        in_ms(status.round_trips.relay), in_ms(status.round_trips.gateway), status.budget,
                        status.queued_bytes, in_ms(status.queue_delay), status.packets_lost);
    text += fmt::format("echoes lost in the last minute: relay {}, gateway {}\n", lost_text(status.echoes.relay),
                        lost_text(status.echoes.gateway));
  }
  if (status.trouble) text += obs::explain(*status.trouble, {}) + "\n";
  text += traffic_text("sent", status.link.out, report.rates.out);
  text += traffic_text("received", status.link.in, report.rates.in);
  text += fmt::format("drops: {}\n", obs::drops_text(all_drops(status)));
  if (status.peers.empty()) return text;
  Table table;
  table.row({"#", "name", "role", "MAC"});
  for (const ctrl::PeerJoined& peer : status.peers) {
    table.row({std::to_string(to_number(peer.peer)), peer.name.empty() ? "-" : peer.name,
               std::string(ctrl::to_string(peer.role)), proto::to_string(peer.mac)});
  }
  return text + "also here:\n" + table.text(2);
}

std::string to_json(const MemberReport& report) {
  const session::Status& status = report.session;
  return json_text({{"software", report.software},
                    {"uptime_s", seconds(report.uptime)},
                    {"relay", status.relay},
                    {"relay_address", status.relay_address ? Json(to_string(*status.relay_address)) : Json(nullptr)},
                    {"room", status.room},
                    {"seated", status.seated},
                    {"seats", status.seats},
                    {"peer", to_number(status.peer)},
                    {"name", status.name},
                    {"role", ctrl::to_string(status.role)},
                    {"mac", proto::to_string(status.mac)},
                    {"gateway", status.gateway_present},
                    {"rtt_ms", json_ms(status.round_trips.relay)},
                    {"gateway_rtt_ms", json_ms(status.round_trips.gateway)},
                    {"lost_percent", json_lost(status.echoes.relay)},
                    {"gateway_lost_percent", json_lost(status.echoes.gateway)},
                    {"budget", status.budget},
                    {"packets_lost", status.packets_lost},
                    {"queued_bytes", status.queued_bytes},
                    {"queue_delay_ms", json_ms(status.queue_delay)},
                    {"trouble", status.trouble ? Json(obs::to_string(*status.trouble)) : Json(nullptr)},
                    {"traffic", json_traffic(status.link)},
                    {"rates", json_rates(report.rates)},
                    {"port_traffic", json_traffic(status.port)},
                    {"drops", json_drops(all_drops(status))},
                    {"peers", peers_json(status)},
                    {"system", json_known(report.machine.system)},
                    {"card", card_json(report.machine.card)},
                    {"way", way_json(report.machine.way)},
                    {"notices", report.machine.notices}});
}

}  // namespace softlan::runtime
