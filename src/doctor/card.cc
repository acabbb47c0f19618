#include "doctor/card.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace softlan::doctor {
namespace {

constexpr unsigned kGigabit = 1000;

std::string speed_text(const Card& card) {
  if (!card.megabits) return {};
  const std::string_view duplex = card.duplex == Duplex::full ? ", full duplex" : "";
  return fmt::format(": {} Mbit/s{}", *card.megabits, duplex);
}

// What must hold for anything else to matter; false when it does not.
bool judge_presence(const Machine& machine, const Card& card, Findings& found) {
  if (card.index == 0) {
    const std::string others = machine.interfaces.empty() ? "no Ethernet interface at all"
                                                          : fmt::format("{}", fmt::join(machine.interfaces, ", "));
    found.push_back({Matter::no_interface, {card.name, others}});
  } else if (!card.ethernet) {
    found.push_back({Matter::not_ethernet, {card.name}});
  }
  return found.empty();
}

void judge_kind(const Card& card, Findings& found) {
  if (card.wireless) found.push_back({Matter::wireless, {card.name}});
  if (!card.owner.empty()) found.push_back({Matter::part_of_another, {card.name, card.owner_kind, card.owner}});
  if (card.kind == "macvlan") found.push_back({Matter::own_mac_only, {card.name}});
  if (card.kind == "vlan") found.push_back({Matter::vlan, {card.name}});
  if (card.kind == "bridge") found.push_back({Matter::bridge, {card.name}});
}

void judge_cable(const Card& card, Findings& found) {
  if (!card.up) return found.push_back({Matter::switched_off, {card.name}});
  if (!card.carrier) return found.push_back({Matter::no_cable, {card.name}});
  if (card.wireless) return;
  found.push_back({Matter::wired, {card.name, speed_text(card)}});
  if (card.duplex == Duplex::half) found.push_back({Matter::half_duplex, {card.name}});
  if (card.megabits && *card.megabits < kGigabit)
    found.push_back({Matter::slow, {card.name, std::to_string(*card.megabits)}});
}

void judge_settings(const Machine& machine, const Card& card, Findings& found) {
  if (card.large_receive) found.push_back({Matter::large_receive, {card.name}});
  if (!card.lossy_offloads.empty())
    found.push_back({Matter::udp_super_frames,
                     {machine.kernel, card.name, fmt::format("{}", fmt::join(card.lossy_offloads, ", "))}});
  if (card.proxy_arp) found.push_back({Matter::proxy_arp, {card.name}});
}

Finding judge_rights(const Machine& machine) {
  if (machine.missing_rights.empty()) return {Matter::may_listen};
  return {Matter::needs_privilege, {fmt::format("{}", fmt::join(machine.missing_rights, " and ")), machine.program}};
}

}  // namespace

Findings judge(const Machine& machine, const Card& card) {
  Findings found;
  if (judge_presence(machine, card, found)) {
    judge_kind(card, found);
    judge_cable(card, found);
    judge_settings(machine, card, found);
  }
  found.insert(found.begin(), judge_rights(machine));
  return found;
}

}  // namespace softlan::doctor
