// Properties of the programs' state: seats, bounds, and who is there.
#include <fmt/format.h>

#include <set>

#include "sim/properties.h"

namespace softlan::sim {

namespace {

constexpr std::size_t kMaxDials = 4;      // of one member, those that say goodbye included
constexpr std::size_t kMaxShadows = 8;    // connections of one member at the relay, forgotten ones included
constexpr std::size_t kMaxFrames = 4096;  // in one process; traffic here is a few hundred a second

void check_room(Findings& findings, const relay::Room& room, std::size_t members) {
  std::set<PeerId> ids;
  std::set<proto::Mac> macs;
  std::set<link::Fingerprint> identities;
  int gateways = 0;
  for (const auto& seat : room.seats()) {
    if (seat->id == kRelayPeer || !ids.insert(seat->id).second) {
      findings.push_back(fmt::format("room {}: peer id {} is used twice", room.code(), to_number(seat->id)));
    }
    if (!macs.insert(seat->mac).second) {
      findings.push_back(fmt::format("room {}: MAC {} sits twice", room.code(), proto::to_string(seat->mac)));
    }
    if (!identities.insert(seat->identity).second) {
      findings.push_back(fmt::format("room {}: one identity sits twice", room.code()));
    }
    gateways += seat->is_gateway() ? 1 : 0;
  }
  if (gateways > 1) findings.push_back(fmt::format("room {} has {} gateways", room.code(), gateways));
  if (room.seats().size() > members) findings.push_back(fmt::format("room {} has too many seats", room.code()));
}

std::size_t members_of(const World& world, const std::string& room) {
  std::size_t count = 0;
  for (const auto& member : world.members()) count += member->setup().room == room ? 1 : 0;
  return count;
}

void check_at_most(Findings& findings, const std::string& what, std::size_t value, std::size_t bound) {
  if (value > bound) findings.push_back(fmt::format("{}: {}, more than {}", what, value, bound));
}

}  // namespace

Findings seats_are_unique(const World& world) {
  Findings findings;
  if (!world.relay().process()) return findings;
  for (const auto& [code, room] : world.relay().process()->core().rooms()) {
    check_room(findings, *room, members_of(world, code));
  }
  return findings;
}

Findings bounds_are_kept(const World& world) {
  Findings findings;
  const std::size_t members = world.members().size();
  if (const RelayProcess* relay = world.relay().process()) {
    check_at_most(findings, "rooms", relay->core().rooms().size(), members);
    check_at_most(findings, "links waiting at the relay", relay->core().waiting(), members * kMaxShadows);
    check_at_most(findings, "connections of the relay", relay->endpoint().connections(), members * kMaxShadows);
    check_at_most(findings, "frames in the relay", relay->pool().in_use(), kMaxFrames);
  }
  for (const auto& member : world.members()) {
    if (!member->process()) continue;
    check_at_most(findings, "connections of " + member->setup().name, member->process()->dials(), kMaxDials);
    check_at_most(findings, "frames in " + member->setup().name, member->process()->pool().in_use(), kMaxFrames);
  }
  return findings;
}

Findings nothing_is_held_on_to(const World& world) {
  Findings findings;
  if (const RelayProcess* relay = world.relay().process()) {
    check_at_most(findings, "frames left in the relay", relay->pool().in_use(), 0);
  }
  for (const auto& member : world.members()) {
    if (!member->process()) continue;
    check_at_most(findings, "frames left in " + member->setup().name, member->process()->pool().in_use(), 0);
  }
  return findings;
}

Findings everyone_is_back(const World& world) {
  Findings findings;
  for (const auto& member : world.members()) {
    if (!member->seated()) findings.push_back(fmt::format("{} has no seat", member->setup().name));
    if (member->process() && member->process()->over()) {
      findings.push_back(fmt::format("{} gave up", member->setup().name));
    }
  }
  const RelayProcess* relay = world.relay().process();
  std::size_t seats = 0;
  if (relay) {
    for (const auto& [code, room] : relay->core().rooms()) seats += room->seats().size();
  }
  if (seats != world.members().size()) findings.push_back(fmt::format("the relay has {} seats", seats));
  return findings;
}

}  // namespace softlan::sim
