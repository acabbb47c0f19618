#include "runtime/machine_facts.h"

#include <fmt/format.h>

namespace softlan::runtime {

namespace {

std::string named(const std::string& interface, std::optional<std::uint32_t> index) {
  return index ? fmt::format("{} (#{})", interface, *index) : interface;
}

}  // namespace

std::string describe(const CardFacts& card) {
  std::string text = named(card.name, card.index);
  if (card.mac) text += ", " + proto::to_string(*card.mac);
  if (card.mtu) text += fmt::format(", MTU {}", *card.mtu);
  if (!card.driver.empty()) text += ", " + card.driver;
  if (card.luid) text += fmt::format(", LUID {:#x}", *card.luid);
  if (!card.guid.empty()) text += ", " + card.guid;
  return text;
}

std::string describe(const WayFacts& way) {
  std::string text = named(way.interface, way.index);
  if (way.source) text += ", from " + to_string(*way.source);
  if (way.next_hop) text += " by " + to_string(*way.next_hop);
  if (!way.pinned.empty()) text += fmt::format(" ({})", way.pinned);
  return text;
}

}  // namespace softlan::runtime
