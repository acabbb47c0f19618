#include "runtime/relay_crew.h"

#include <numeric>
#include <utility>

#include "base/check.h"
#include "quic/connection_id.h"

namespace softlan::runtime {

namespace {

std::uint64_t sum(const std::vector<std::uint64_t>& parts) {
  return std::accumulate(parts.begin(), parts.end(), std::uint64_t{0});
}

}  // namespace

RelayCrew::RelayCrew(const WorkersConfig& config, std::vector<std::unique_ptr<quic::TlsContext>> tls,
                     std::vector<std::vector<platform::UdpSocket>> sockets, relay::Door& door, obs::Log& log)
    : log_(log) {
  SOFTLAN_CHECK(!tls.empty() && tls.size() == sockets.size());
  const auto open_rooms = std::make_shared<relay::RoomCount>();
  std::vector<Loop*> loops;
  for (std::size_t i = 0; i < tls.size(); ++i) {
    workers_.push_back(std::make_unique<RelayWorker>(i, tls.size(), config, open_rooms, std::move(tls[i]),
                                                     std::move(sockets[i]), inboxes_, door, log));
    loops.push_back(&workers_.back()->loop());
  }
  for (const auto& worker : workers_) inboxes_.push_back(&worker->inbox());
  crew_ = std::make_unique<Crew>(std::move(loops), log);
}

void RelayCrew::ask_all(const Work& work) {
  crew_->ask_all([&](std::size_t worker, TimePoint now) { work(worker, workers_[worker]->relay(), now); });
}

void RelayCrew::ask_room(std::string_view code, const Work& work) {
  const std::size_t owner = quic::worker_of_room(code, static_cast<unsigned>(count()));
  crew_->ask(owner, [&](std::size_t worker, TimePoint now) { work(worker, workers_[worker]->relay(), now); });
}

PacketCounters RelayCrew::packets() {
  std::vector<PacketCounters> parts(count());
  crew_->ask_all([&](std::size_t worker, TimePoint) { parts[worker] = workers_[worker]->packets(); });
  PacketCounters total;
  for (const PacketCounters& part : parts) total += part;
  return total;
}

Result<void> RelayCrew::replace_certificate(const quic::KeyedCertificate& own) {
  // What one of them takes they all take.
  std::vector<Result<void>> results(count());
  crew_->ask_all(
      [&](std::size_t worker, TimePoint) { results[worker] = workers_[worker]->tls().replace_certificate(own); });
  return results.front();
}

std::uint64_t RelayCrew::not_seated() {
  std::vector<std::uint64_t> parts(count());
  ask_all([&](std::size_t worker, const relay::Relay& relay, TimePoint) {
    parts[worker] = relay.unseated().dropped(obs::DropReason::not_seated);
  });
  return sum(parts);
}

void RelayCrew::adopt(const relay::RelayConfig& config) {
  ask_all([&](std::size_t, relay::Relay& relay, TimePoint) { relay.adopt(config); });
}

void RelayCrew::shut_down() {
  std::vector<std::uint64_t> rooms(count());
  std::vector<std::uint64_t> members(count());
  ask_all([&](std::size_t worker, relay::Relay& relay, TimePoint) {
    rooms[worker] = relay.rooms().size();
    for (const auto& [code, room] : relay.rooms()) members[worker] += room->seats().size();
    relay.shut_down();
  });
  log_.info("shutting down", {{"rooms", sum(rooms)}, {"members", sum(members)}});
}

}  // namespace softlan::runtime
