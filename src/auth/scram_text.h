// The words SCRAM messages are made of (RFC 5802, section 7): attributes such as "r=nonce", separated by commas.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/scram_keys.h"
#include "base/random.h"

namespace softlan::auth {

// Longer messages are not read.
inline constexpr std::size_t kMaxMessageBytes = 1024;
inline constexpr std::size_t kMaxNonceBytes = 128;  // of each side
inline constexpr std::size_t kMaxNameBytes = 255;   // of a room or an authorization identity

// The keying material both ends of a TLS connection agree on under the label "EXPORTER-Channel-Binding" (RFC 9266):
// whoever sits between them has another one on each side.
using ChannelBinding = std::array<std::uint8_t, 32>;
inline constexpr std::string_view kBindingFlag = "p=tls-exporter,";

// The value of `c=`: the GS2 header, then the channel binding, in base64.
[[nodiscard]] std::string binding_value(std::string_view gs2_header, const ChannelBinding& binding);

// Reads a message attribute by attribute.
class Attributes {
 public:
  explicit Attributes(std::string_view text) : left_(text) {}

  // The value of the next attribute if it is `letter`'s and not empty; else nothing, and it stays the next one.
  [[nodiscard]] std::optional<std::string_view> take(char letter);
  // Whether what is left may be ignored: nothing, or well-formed attributes, of which none is mandatory ("m=").
  [[nodiscard]] bool only_extensions_left() const;

 private:
  std::string_view left_;
};

// A name with "," and "=" written as "=2C" and "=3D". Read only without control characters and as well-formed UTF-8, of
// 1 to kMaxNameBytes.
[[nodiscard]] std::string to_saslname(std::string_view name);
[[nodiscard]] std::optional<std::string> parse_saslname(std::string_view text);

// 24 characters that carry 144 random bits.
[[nodiscard]] std::string make_nonce(Random& random);
// 1 to kMaxNonceBytes printable ASCII characters, neither blank nor comma.
[[nodiscard]] bool is_nonce(std::string_view text);

[[nodiscard]] std::optional<std::uint32_t> parse_iterations(std::string_view text);
// Exactly 32 bytes in base64.
[[nodiscard]] std::optional<Key> parse_key(std::string_view text);

}  // namespace softlan::auth
