#include "relay/lan_hosts.h"

#include <algorithm>
#include <bit>
#include <span>

namespace softlan::relay {

std::size_t LanHosts::row_of(std::uint64_t mac) {
  constexpr std::size_t rows = kCapacity / kRowSize;
  static_assert(std::has_single_bit(rows));
  constexpr std::uint64_t golden_ratio = 0x9e37'79b9'7f4a'7c15;  // Fibonacci hashing: Knuth, TAOCP 3, section 6.4
  return ((mac * golden_ratio) >> (64 - std::countr_zero(rows))) * kRowSize;
}

void LanHosts::learn(TimePoint now, const proto::Mac& mac) {
  const std::uint64_t number = mac.number();
  const auto row = std::span(places_).subspan(row_of(number), kRowSize);
  auto place = std::ranges::find(row, number, &Place::mac);
  if (place == row.end()) place = std::ranges::min_element(row, {}, &Place::seen);
  *place = {number, now};
}

bool LanHosts::knows(TimePoint now, const proto::Mac& mac) const {
  const std::uint64_t number = mac.number();
  if (number == 0) return false;
  const auto row = std::span(places_).subspan(row_of(number), kRowSize);
  const auto place = std::ranges::find(row, number, &Place::mac);
  return place != row.end() && now - place->seen <= kAgeing;
}

void LanHosts::clear() { std::ranges::fill(places_, Place{}); }

}  // namespace softlan::relay
