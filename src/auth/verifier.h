// What a relay keeps of a room's pass: enough to check a proof of it, not enough to make one.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "auth/scram_keys.h"
#include "base/random.h"
#include "base/result.h"

namespace softlan::auth {

struct Verifier {
  std::vector<std::uint8_t> salt;  // 1 to kMaxSaltBytes
  std::uint32_t iterations = kIterations;
  Key stored_key{};
  Key server_key{};

  bool operator==(const Verifier&) const = default;
};

// With a salt of its own. `pass` as check_pass() returns it. Costs the iterations: some milliseconds.
[[nodiscard]] Verifier make_verifier(std::string_view pass, Random& random);
// With this one: the passes of one room that are valid side by side share their salt (ScramServer).
[[nodiscard]] Verifier make_verifier(std::string_view pass, std::vector<std::uint8_t> salt);

// For a room that does not exist: always the same for the same room and secret, so that asking again tells nothing, and
// no pass fits it. `room` in its canonical spelling. It looks like one of make_verifier().
[[nodiscard]] Verifier fake_verifier(const Key& secret, std::string_view room);

// "SCRAM-SHA-256$4096:SALT$STORED:SERVER", with base64 in it (RFC 5803's fields, spelled as PostgreSQL spells them).
[[nodiscard]] std::string to_string(const Verifier& verifier);
[[nodiscard]] Result<Verifier> parse_verifier(std::string_view text);

}  // namespace softlan::auth
