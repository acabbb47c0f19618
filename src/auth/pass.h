// Passes: the words that let somebody into a room.
//
// A pass is 1 to 128 bytes of UTF-8 without control characters and is taken literally, but for two things: blanks of
// every script become plain ones, and a pass of the generated form has one spelling, however it was typed. This is
// OpaqueString of RFC 8265 in spirit; Unicode normalisation (NFC) is left to the keyboard it comes from.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace softlan::auth {

inline constexpr std::size_t kMaxPassBytes = 128;

// "k7qm-3tfw-9xhd-vb2c": 80 random bits in Crockford's base32, which has no i, l, o and u.
[[nodiscard]] std::string generate_pass(Random& random);

// The pass as it is used, by members and relay alike. One of the generated form may be typed in capitals, without its
// hyphens, and with i, l and o for 1, 1 and 0.
[[nodiscard]] Result<std::string> check_pass(std::string_view text);

}  // namespace softlan::auth
