// Bytes as text (RFC 4648): base64 with its padding, and base64url without.
//
// Only the one spelling that the encoder writes is read: no blanks, no missing or extra padding, no stray bits at the
// end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace softlan {

[[nodiscard]] std::string to_base64(Bytes bytes);
[[nodiscard]] std::string to_base64url(Bytes bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> parse_base64url(std::string_view text);

}  // namespace softlan
