// Rates as people write them: "20mbit", "2500kbit", "2.5mbit", in the units of tc(8).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace softlan {

// Bits a second, 1 to 10^12; empty when it is something else. A number without a unit is not a rate: nobody can tell
// bits from bytes. Case does not count.
[[nodiscard]] std::optional<std::uint64_t> parse_rate(std::string_view text);

}  // namespace softlan
