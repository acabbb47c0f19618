#include "relay/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "ctrl/validate.h"
#include "obs/snapshot.h"

namespace softlan::relay {
namespace {

using obs::DropReason;

// Enough of an identity to tell members apart.
std::string short_identity(const link::Fingerprint& identity) {
  const auto& b = identity.bytes;
  return fmt::format("{:02x}{:02x}{:02x}{:02x}", b[0], b[1], b[2], b[3]);
}

// Of the members' legs, as they last told; 0 when nobody did.
double worst_rtt_ms(const Room& room) {
  std::uint32_t worst = 0;
  for (const auto& seat : room.seats()) {
    if (seat->told_stats) worst = std::max(worst, seat->told_stats->rtt_us);
  }
  return worst / 1000.0;
}

}  // namespace

void log_joined(obs::Log& log, const Room& room, const Seat& seat) {
  log.info("member joined", {{"room", room.code()},
                             {"peer", to_number(seat.id)},
                             {"role", ctrl::to_string(seat.role)},
                             {"name", seat.name},
                             {"mac", proto::to_string(seat.mac)},
                             {"identity", short_identity(seat.identity)},
                             {"from", to_string(seat.link->peer_address())}});
}

void log_left(obs::Log& log, const Room& room, const Seat& seat, std::string_view reason) {
  log.info("member left", {{"room", room.code()},
                           {"peer", to_number(seat.id)},
                           {"role", ctrl::to_string(seat.role)},
                           {"name", seat.name},
                           {"reason", reason},
                           {"frames_in", seat.counters.in.frames},
                           {"frames_out", seat.counters.out.frames},
                           {"drops", obs::drops_text(seat.counters)}});
}

void log_decision(obs::Log& log, obs::Level level, const Room& room, const Seat& from, Bytes frame,
                  const Verdict& verdict) {
  const auto view = proto::parse_frame(frame);
  const bool forwarded = verdict.drop == DropReason::none;
  log.log(level, "frame",
          {{"room", room.code()},
           {"peer", to_number(from.id)},
           {"source", view ? proto::to_string(view->source) : ""},
           {"destination", view ? proto::to_string(view->destination) : ""},
           {"ethertype", view ? proto::describe_ethertype(*view) : ""},
           {"size", frame.size()},
           {"action", forwarded ? "forward" : "drop"},
           {"reason", obs::to_string(verdict.drop)},
           {"targets", verdict.targets.size()}});
}

void log_stats(obs::Log& log, const Room& room, const Seat& seat) {
  const ctrl::Stats& stats = *seat.told_stats;
  log.debug("member stats", {{"room", room.code()},
                             {"peer", to_number(seat.id)},
                             {"frames_sent", stats.frames_sent},
                             {"frames_received", stats.frames_received},
                             {"bytes_sent", stats.bytes_sent},
                             {"bytes_received", stats.bytes_received},
                             {"rtt_us", stats.rtt_us},
                             {"gateway_rtt_us", stats.gateway_rtt_us}});
}

void TrafficReport::write(obs::Log& log, const Rooms& rooms) {
  std::erase_if(frames_seen_, [&](const auto& seen) { return !rooms.contains(seen.first); });
  for (const auto& [code, room] : rooms) {
    const obs::Counters total = room->total();
    std::uint64_t& seen = frames_seen_[code];
    if (seen == total.in.frames) continue;
    seen = total.in.frames;
    log.info("room traffic", {{"room", code},
                              {"members", room->seats().size()},
                              {"gateway", room->gateway() != nullptr},
                              {"frames_in", total.in.frames},
                              {"frames_out", total.out.frames},
                              {"bytes_in", total.in.bytes},
                              {"bytes_out", total.out.bytes},
                              {"drops", obs::drops_text(total)},
                              {"worst_rtt_ms", worst_rtt_ms(*room)}});
  }
}

}  // namespace softlan::relay
