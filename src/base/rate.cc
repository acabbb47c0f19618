#include "base/rate.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>

namespace softlan {

namespace {

struct Unit {
  std::string_view name;
  double bits;
};

constexpr Unit kUnits[] = {{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return result;
}

}  // namespace

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  constexpr double kMost = 1e12;
  const char* const end = text.data() + text.size();
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc{}) return {};
  const std::string name = lower({rest, static_cast<std::size_t>(end - rest)});
  const auto* const unit = std::ranges::find(kUnits, name, &Unit::name);
  if (unit == std::end(kUnits)) return {};
  const double bits = number * unit->bits;
  if (!(bits >= 1 && bits <= kMost)) return {};  // also what is not a number
  return static_cast<std::uint64_t>(bits);
}

}  // namespace softlan
