#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace softlan::sim {

namespace {
constexpr Duration kStep = std::chrono::milliseconds(10);
}

World::World(std::uint64_t seed, const Credentials& credentials, bool keep_timeline)
    : sim_(seed, keep_timeline), credentials_(credentials), relay_(sim_, internet_, credentials) {}

// The clock stands still: nobody's end reaches anybody.
World::~World() = default;

proto::Mac World::next_mac() { return {{0x02, 0, 0x5e, 0, 0, ++next_mac_}}; }

MemberSetup World::setup(const std::string& name, ctrl::Role role, const std::string& room) const {
  SOFTLAN_CHECK(members_.size() < credentials_.members());
  return {.name = fmt::format("{}{}", name, members_.size() + 1),
          .role = role,
          .room = room,
          .mac = {},
          .tls = &credentials_.member(members_.size()),
          .relay = relay_.address(),
          .join_timeout = {}};
}

SimClient& World::add_client(const std::string& room, const LineConfig& line, Duration join_timeout) {
  MemberSetup made = setup("client", ctrl::Role::client, room);
  made.mac = next_mac();
  made.join_timeout = join_timeout;
  const auto number = static_cast<std::uint8_t>(members_.size() + 1);
  auto client = std::make_unique<SimClient>(sim_, internet_, std::move(made), number, line);
  SimClient& added = *client;
  members_.push_back(std::move(client));
  places_.push_back({.station = &added.station(), .member = &added, .room = room, .on_lan = false});
  return added;
}

SimGateway& World::add_gateway(const std::string& room, const LineConfig& line) {
  MemberSetup made = setup("gateway", ctrl::Role::gateway, room);
  made.mac = next_mac();
  const auto number = static_cast<std::uint8_t>(members_.size() + 1);
  auto gateway = std::make_unique<SimGateway>(sim_, internet_, std::move(made), number, line);
  SimGateway& added = *gateway;
  members_.push_back(std::move(gateway));
  return added;
}

const Place& World::add_host(SimGateway& gateway) {
  const proto::Mac mac = next_mac();
  Station& host = gateway.add_host(fmt::format("host{}", mac.bytes[5]), mac);
  return places_.emplace_back(
      Place{.station = &host, .member = &gateway, .room = gateway.setup().room, .on_lan = true});
}

void World::start() {
  relay_.start();
  for (const auto& member : members_) member->start();
}

void World::run_for(Duration time) { sim_.scheduler.run_until(sim_.now() + time); }

bool World::run_until(const std::function<bool()>& condition, Duration at_most) {
  const TimePoint end = sim_.now() + at_most;
  while (!condition() && sim_.now() < end) run_for(kStep);
  return condition();
}

bool World::everyone_seated() const {
  return std::ranges::all_of(members_, [](const auto& member) { return member->seated(); });
}

const Place& World::place_of(const Station& station) const {
  return *std::ranges::find(places_, &station, &Place::station);
}

}  // namespace softlan::sim
