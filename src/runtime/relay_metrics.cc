#include "ctrl/validate.h"
#include "obs/prometheus.h"
#include "runtime/relay_report.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

using obs::MetricType;
using obs::PrometheusText;
using relay::RoomStatus;

void write_program(PrometheusText& text, const RelayReport& report) {
  text.family("lanparty_build_info", MetricType::gauge, "Always 1; the label says what runs.");
  text.sample({{"version", report.software}}, 1u);
  text.family("process_start_time_seconds", MetricType::gauge, "When the relay started, Unix time.");
  text.sample({}, static_cast<double>(report.started));
  if (report.certificate_expires) {
    text.family("lanparty_certificate_expiry_timestamp_seconds", MetricType::gauge,
                "When the relay's certificate expires, Unix time.");
    text.sample({}, static_cast<double>(*report.certificate_expires));
  }
}

void write_members(PrometheusText& text, const std::vector<RoomStatus>& rooms) {
  text.family("lanparty_rooms", MetricType::gauge, "Rooms that are open.");
  text.sample({}, rooms.size());
  text.family("lanparty_members", MetricType::gauge, "Members with a seat.");
  for (const RoomStatus& room : rooms) {
    text.sample({{"room", room.code}, {"role", "client"}}, room.clients);
    text.sample({{"room", room.code}, {"role", "gateway"}}, room.has_gateway ? 1u : 0u);
  }
  text.family("lanparty_held_seats", MetricType::gauge, "Seats kept for members that lost their connection.");
  for (const RoomStatus& room : rooms) text.sample({{"room", room.code}}, room.held_seats);
}

void write_traffic(PrometheusText& text, const std::vector<RoomStatus>& rooms) {
  text.family("lanparty_frames_total", MetricType::counter, "Frames from members (in) and to them (out).");
  for (const RoomStatus& room : rooms) {
    text.sample({{"room", room.code}, {"direction", "in"}}, room.counters.in.frames);
    text.sample({{"room", room.code}, {"direction", "out"}}, room.counters.out.frames);
  }
  text.family("lanparty_frame_bytes_total", MetricType::counter, "Bytes of those frames.");
  for (const RoomStatus& room : rooms) {
    text.sample({{"room", room.code}, {"direction", "in"}}, room.counters.in.bytes);
    text.sample({{"room", room.code}, {"direction", "out"}}, room.counters.out.bytes);
  }
  text.family("lanparty_packets_lost_total", MetricType::counter, "Packets lost on the way to members.");
  for (const RoomStatus& room : rooms) text.sample({{"room", room.code}}, room.packets_lost);
  text.family("lanparty_drops_total", MetricType::counter, "Frames and datagrams dropped, by reason.");
  for (const RoomStatus& room : rooms) {
    for (const auto& [reason, count] : obs::drop_counts(room.counters)) {
      text.sample({{"room", room.code}, {"reason", reason}}, count);
    }
  }
}

void write_rtt(PrometheusText& text, std::string_view name, std::string_view help, const std::vector<RoomStatus>& rooms,
               relay::RttSummary RoomStatus::* rtt) {
  text.family(name, MetricType::gauge, help);
  for (const RoomStatus& room : rooms) {
    text.sample({{"room", room.code}, {"statistic", "median"}}, seconds((room.*rtt).median));
    text.sample({{"room", room.code}, {"statistic", "worst"}}, seconds((room.*rtt).worst));
  }
}

void write_delays(PrometheusText& text, const std::vector<RoomStatus>& rooms) {
  write_rtt(text, "lanparty_leg_rtt_seconds", "Round-trip time between relay and member; 0: not known.", rooms,
            &RoomStatus::leg_rtt);
  write_rtt(text, "lanparty_gateway_rtt_seconds", "Round-trip time from a client to its gateway; 0: not known.", rooms,
            &RoomStatus::gateway_rtt);
  text.family("lanparty_queue_bytes", MetricType::gauge, "Bytes that wait to be sent, all members together.");
  for (const RoomStatus& room : rooms) text.sample({{"room", room.code}}, room.queued_bytes);
  text.family("lanparty_queue_delay_seconds", MetricType::gauge, "How long the oldest of them has waited.");
  for (const RoomStatus& room : rooms) text.sample({{"room", room.code}}, seconds(room.queue_delay));
}

void write_door(PrometheusText& text, const RelayReport& report) {
  text.family("lanparty_waiting_connections", MetricType::gauge, "Connections without a seat.");
  text.sample({}, report.relay.waiting);
  text.family("lanparty_bans", MetricType::gauge, "Bans in force.");
  text.sample({}, report.relay.bans);
  text.family("lanparty_hellos_rejected_total", MetricType::counter, "Members turned away, by reason.");
  for (std::size_t i = 0; i < report.relay.rejected.size(); ++i) {
    text.sample({{"reason", ctrl::to_string(static_cast<ctrl::RejectCode>(i))}}, report.relay.rejected[i]);
  }
}

void write_strangers(PrometheusText& text, const quic::EndpointCounters& strangers, std::uint64_t not_seated) {
  text.family("lanparty_packets_total", MetricType::counter, "UDP packets received.");
  text.sample({}, strangers.packets);
  text.family("lanparty_strange_packets_total", MetricType::counter, "Packets that belonged to no connection.");
  text.sample({{"kind", "junk"}}, strangers.junk_packets);
  text.sample({{"kind", "unknown_connection"}}, strangers.unknown_connections);
  text.sample({{"kind", "version"}}, strangers.version_negotiations);
  text.sample({{"kind", "bad_token"}}, strangers.bad_tokens);
  text.sample({{"kind", "handshake_delayed"}}, strangers.handshakes_delayed);
  text.family("lanparty_stateless_resets_total", MetricType::counter, "Stateless resets sent.");
  text.sample({}, strangers.stateless_resets);
  text.family("lanparty_retries_total", MetricType::counter, "Retry packets sent: more than a few are an attack.");
  text.sample({}, strangers.retries);
  text.family("lanparty_handshakes_refused_total", MetricType::counter, "Connections that never came to be.");
  text.sample({{"reason", "refused"}}, strangers.refused_connections);
  text.sample({{"reason", "failed"}}, strangers.failed_handshakes);
  text.family("lanparty_unseated_drops_total", MetricType::counter, "Frames and echoes of members without a seat.");
  text.sample({}, not_seated);
}

void write_workers(PrometheusText& text, const RelayReport& report) {
  text.family("lanparty_workers", MetricType::gauge, "Threads that rooms are spread over.");
  text.sample({}, report.workers);
  text.family("lanparty_handovers_total", MetricType::counter,
              "Packets that one worker received for another; many: the kernel does not sort them.");
  text.sample({{"outcome", "passed"}}, report.packets.handed_over);
  text.sample({{"outcome", "dropped"}}, report.packets.handovers_dropped);
}

}  // namespace

std::string to_metrics(const RelayReport& report) {
  PrometheusText text;
  write_program(text, report);
  write_members(text, report.relay.rooms);
  write_traffic(text, report.relay.rooms);
  write_delays(text, report.relay.rooms);
  write_door(text, report);
  write_strangers(text, report.packets.strangers, report.relay.not_seated);
  write_workers(text, report);
  return text.text();
}

}  // namespace softlan::runtime
