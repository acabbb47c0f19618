// Properties of all that was delivered.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "sim/properties.h"

namespace softlan::sim {

namespace {

// Calls `check(place, arrival, flow)` for every arrival of a frame that was sent.
void for_every_arrival(const World& world, const auto& check) {
  for (const Place& place : world.places()) {
    for (const Station::Arrival& arrival : place.station->arrivals()) {
      if (arrival.flow < world.traffic().flows().size()) check(place, arrival, world.traffic().flows()[arrival.flow]);
    }
  }
}

std::string describe(const Place& place, const Station::Arrival& arrival) {
  const double seconds = std::chrono::duration<double>(arrival.when.time_since_epoch()).count();
  return fmt::format("{} got number {} of flow {} at {:.6f}", place.station->name(), arrival.number, arrival.flow,
                     seconds);
}

}  // namespace

void append(Findings& to, Findings more) { std::ranges::move(more, std::back_inserter(to)); }

Findings delivered_at_most_once(const World& world) {
  Findings findings;
  for (const Place& place : world.places()) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const Station::Arrival& arrival : place.station->arrivals()) {
      if (!seen.emplace(arrival.flow, arrival.number).second) findings.push_back(describe(place, arrival) + " again");
    }
  }
  return findings;
}

Findings never_to_the_sender(const World& world) {
  Findings findings;
  for_every_arrival(world, [&](const Place& place, const Station::Arrival& arrival, const Flow& flow) {
    if (flow.from == &place) findings.push_back(describe(place, arrival) + ", its own frame");
  });
  return findings;
}

Findings never_to_another_room(const World& world) {
  Findings findings;
  for_every_arrival(world, [&](const Place& place, const Station::Arrival& arrival, const Flow& flow) {
    if (flow.from->room != place.room) findings.push_back(describe(place, arrival) + ", from another room");
  });
  return findings;
}

// A switch may flood unicast on a LAN; a player's card hears only its own.
Findings only_to_the_addressee(const World& world) {
  Findings findings;
  for_every_arrival(world, [&](const Place& place, const Station::Arrival& arrival, const Flow& flow) {
    if (flow.to && flow.to != &place && !place.on_lan)
      findings.push_back(describe(place, arrival) + ", not meant for it");
  });
  return findings;
}

Findings order_is_kept(const World& world) {
  Findings findings;
  std::map<std::pair<const Place*, std::uint32_t>, std::uint32_t> last;
  for_every_arrival(world, [&](const Place& place, const Station::Arrival& arrival, const Flow& flow) {
    if (flow.from->member->access().reorders() || place.member->access().reorders()) return;
    const auto [before, first] = last.try_emplace({&place, arrival.flow}, arrival.number);
    if (!first && arrival.number < before->second) {
      findings.push_back(describe(place, arrival) + fmt::format(" after number {}", before->second));
    }
    before->second = arrival.number;
  });
  return findings;
}

Findings nothing_is_damaged(const World& world) {
  Findings findings;
  for (const Place& place : world.places()) {
    if (place.station->damaged() > 0) {
      findings.push_back(fmt::format("{} got {} damaged frames", place.station->name(), place.station->damaged()));
    }
  }
  for (const Place& place : world.places()) {
    for (const Station::Arrival& arrival : place.station->arrivals()) {
      const auto& flows = world.traffic().flows();
      if (arrival.flow < flows.size() && arrival.number < flows[arrival.flow].sent) continue;
      findings.push_back(describe(place, arrival) + ", which nobody sent");
    }
  }
  return findings;
}

Findings everyone_hears_everyone(const World& world, const std::vector<const Flow*>& flows) {
  Findings findings;
  for (const Place& place : world.places()) {
    std::set<std::uint32_t> heard;
    for (const Station::Arrival& arrival : place.station->arrivals()) heard.insert(arrival.flow);
    for (const Flow* flow : flows) {
      const bool expected = flow->from != &place && flow->from->room == place.room && (!flow->to || flow->to == &place);
      if (!expected || heard.contains(flow->id)) continue;
      findings.push_back(fmt::format("{} did not hear {}{}", place.station->name(), flow->from->station->name(),
                                     flow->to ? "" : "'s broadcast"));
    }
  }
  return findings;
}

Findings all_of_delivery(const World& world) {
  Findings findings;
  append(findings, delivered_at_most_once(world));
  append(findings, never_to_the_sender(world));
  append(findings, never_to_another_room(world));
  append(findings, only_to_the_addressee(world));
  append(findings, order_is_kept(world));
  append(findings, nothing_is_damaged(world));
  return findings;
}

}  // namespace softlan::sim
