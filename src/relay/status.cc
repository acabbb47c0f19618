#include "relay/status.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace softlan::relay {
namespace {

Duration waited(TimePoint now, TimePoint since) { return since == kNever ? Duration::zero() : now - since; }

std::optional<Duration> told_gateway_rtt(const Seat& seat) {
  if (!seat.told_stats || seat.told_stats->gateway_rtt_us == 0) return std::nullopt;
  return std::chrono::microseconds(seat.told_stats->gateway_rtt_us);
}

Told told_by(const ctrl::Stats& stats) {
  Told told{.echoes = stats.echoes,
            .gateway_echoes = stats.gateway_echoes,
            .queue_delay = std::chrono::microseconds(stats.queue_us),
            .seats = stats.seats,
            .drops = stats.drops};
  std::ranges::stable_sort(told.drops, std::greater(), &std::pair<std::string, std::uint64_t>::second);
  if (told.drops.size() > Told::kMaxDrops) told.drops.resize(Told::kMaxDrops);
  return told;
}

obs::Counters with_drops(obs::Counters counters, const obs::Counters& links) {
  counters.in.add_drops(links.in);
  counters.out.add_drops(links.out);
  return counters;
}

MemberStatus status_of(TimePoint now, const Seat& seat) {
  const link::LinkStats link = seat.link->stats();
  MemberStatus member{.peer = seat.id,
                      .role = seat.role,
                      .name = seat.name,
                      .mac = seat.mac,
                      .address = seat.link->peer_address(),
                      .seated = now - seat.seated_at,
                      .rtt = link.rtt,
                      .gateway_rtt = told_gateway_rtt(seat),
                      .budget = link.budget,
                      .packets_lost = link.packets_lost,
                      .queued_bytes = link.queued_bytes,
                      .queue_delay = waited(now, link.queued_since),
                      .rates = seat.rates.rates(),
                      .counters = with_drops(seat.counters, seat.link->counters()),
                      .up = {},
                      .down = {},
                      .told = {}};
  if (const auto& told = seat.told_stats) {
    member.up = Compared{.sent = told->frames_sent, .arrived = seat.arrived_by_then};
    member.down = Compared{.sent = seat.sent_by_then, .arrived = told->frames_received};
    member.told = told_by(*told);
  }
  return member;
}

RttSummary summarize(std::vector<Duration>& rtts) {
  if (rtts.empty()) return {};
  const auto middle = rtts.begin() + static_cast<std::ptrdiff_t>(rtts.size() / 2);
  std::ranges::nth_element(rtts, middle);
  return {.median = *middle, .worst = *std::max_element(middle, rtts.end())};
}

RoomStatus status_of(TimePoint now, const Room& room, std::size_t max_members) {
  RoomStatus status{.code = room.code(),
                    .clients = room.seats().size() - (room.gateway() ? 1 : 0),
                    .has_gateway = room.gateway() != nullptr,
                    .held_seats = room.held().size(),
                    .frame_log = room.frame_log().on(),
                    .leg_rtt = {},
                    .gateway_rtt = {},
                    .counters = with_drops(room.total(), room.links_total()),
                    .packets_lost = room.packets_lost(),
                    .members = {}};
  std::vector<Duration> legs;
  std::vector<Duration> gateways;
  for (const auto& seat : room.seats()) {
    const link::LinkStats link = seat->link->stats();
    legs.push_back(link.rtt);
    if (const auto rtt = told_gateway_rtt(*seat)) gateways.push_back(*rtt);
    status.queued_bytes += link.queued_bytes;
    status.queue_delay = std::max(status.queue_delay, waited(now, link.queued_since));
    if (status.members.size() < max_members) status.members.push_back(status_of(now, *seat));
  }
  status.leg_rtt = summarize(legs);
  status.gateway_rtt = summarize(gateways);
  status.not_listed = room.seats().size() - status.members.size();
  return status;
}

}  // namespace

RelayStatus status_of(TimePoint now, const Relay& relay, std::string_view only, std::size_t max_members) {
  RelayStatus status{.rooms = {},
                     .waiting = relay.waiting(),
                     .bans = relay.bans().in_force(now).size(),
                     .rejected = relay.rejected(),
                     .not_seated = relay.unseated().dropped(obs::DropReason::not_seated)};
  for (const auto& [code, room] : relay.rooms()) {
    if (!only.empty() && code != only) continue;
    status.rooms.push_back(status_of(now, *room, max_members));
    max_members -= status.rooms.back().members.size();
  }
  return status;
}

std::vector<const Seat*> find_members(const Room& room, std::string_view who) {
  if (const auto mac = proto::parse_mac(who)) {
    const Seat* owner = room.owner(*mac);
    return owner ? std::vector{owner} : std::vector<const Seat*>{};
  }
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(who.data(), who.data() + who.size(), number);
  if (error == std::errc() && end == who.data() + who.size()) {
    if (const Seat* seat = room.find(PeerId{number})) return {seat};
  }
  std::vector<const Seat*> found;
  for (const auto& seat : room.seats()) {
    if (seat->name == who) found.push_back(seat.get());
  }
  return found;
}

std::vector<const Seat*> find_banned(const Relay& relay, TimePoint now) {
  std::vector<const Seat*> found;
  for (const auto& [code, room] : relay.rooms()) {
    for (const auto& seat : room->seats()) {
      if (relay.bans().find(now, seat->identity, seat->link->peer_address().ip)) found.push_back(seat.get());
    }
  }
  return found;
}

}  // namespace softlan::relay
