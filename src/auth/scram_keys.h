// The arithmetic of SCRAM-SHA-256: from a pass to its keys, and from keys to proofs (RFC 5802, section 3; RFC 7677).
//
//   salted = PBKDF2(pass, salt, iterations)     the costly part
//   client key = HMAC(salted, "Client Key")     stored key = SHA-256(client key)
//   server key = HMAC(salted, "Server Key")
//
// Who has the stored key can check a proof and cannot make one. The auth message is everything both sides have said.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace softlan::auth {

using Key = std::array<std::uint8_t, 32>;

// What the relay offers, and all that a member takes part in: fewer iterations make guessing cheap, more make a member
// busy for as long as a relay likes. 100000 take about a tenth of a second.
inline constexpr std::uint32_t kIterations = 4096;
inline constexpr std::uint32_t kMaxIterations = 100'000;
inline constexpr std::size_t kSaltBytes = 16;
inline constexpr std::size_t kMaxSaltBytes = 64;

[[nodiscard]] constexpr bool is_fair(std::uint32_t iterations) {
  return iterations >= kIterations && iterations <= kMaxIterations;
}

[[nodiscard]] Key hmac(Bytes key, std::string_view message);

[[nodiscard]] Key salt_pass(std::string_view pass, Bytes salt, std::uint32_t iterations);
[[nodiscard]] Key stored_key(const Key& salted);
[[nodiscard]] Key server_key(const Key& salted);

[[nodiscard]] Key client_proof(const Key& salted, std::string_view auth_message);
[[nodiscard]] Key server_signature(const Key& server_key, std::string_view auth_message);
// Whether `proof` was made with the pass of this stored key. Takes the same time for every wrong proof.
[[nodiscard]] bool proves(const Key& stored_key, std::string_view auth_message, const Key& proof);
[[nodiscard]] bool equal_in_constant_time(const Key& a, const Key& b);

// A member's pass and its last salted form, so that coming back to the same relay does not cost the iterations again.
class SaltedPass {
 public:
  // `pass` as check_pass() returns it.
  explicit SaltedPass(std::string pass) : pass_(std::move(pass)) {}

  [[nodiscard]] const Key& with(Bytes salt, std::uint32_t iterations);

 private:
  std::string pass_;
  std::vector<std::uint8_t> salt_;
  std::uint32_t iterations_ = 0;  // 0: nothing salted yet
  Key salted_{};
};

}  // namespace softlan::auth
