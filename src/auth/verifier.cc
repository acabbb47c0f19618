#include "auth/verifier.h"

#include <algorithm>
#include <utility>

#include "auth/scram_text.h"
#include "base/base64.h"

namespace softlan::auth {

namespace {

constexpr std::string_view kScheme = "SCRAM-SHA-256$";

// Cuts off and returns what stands before the first `separator`, or everything.
std::string_view cut(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

}  // namespace

Verifier make_verifier(std::string_view pass, Random& random) {
  std::vector<std::uint8_t> salt(kSaltBytes);
  random.fill(salt);
  return make_verifier(pass, std::move(salt));
}

Verifier make_verifier(std::string_view pass, std::vector<std::uint8_t> salt) {
  Verifier verifier{.salt = std::move(salt)};
  const Key salted = salt_pass(pass, verifier.salt, verifier.iterations);
  verifier.stored_key = stored_key(salted);
  verifier.server_key = server_key(salted);
  return verifier;
}

Verifier fake_verifier(const Key& secret, std::string_view room) {
  const auto made_up = [&](std::string_view what) { return hmac(secret, fmt::format("{} of {}", what, room)); };
  const Key salt = made_up("salt");
  return {.salt = {salt.begin(), salt.begin() + kSaltBytes},
          .stored_key = made_up("stored key"),
          .server_key = made_up("server key")};
}

std::string to_string(const Verifier& verifier) {
  return fmt::format("{}{}:{}${}:{}", kScheme, verifier.iterations, to_base64(verifier.salt),
                     to_base64(verifier.stored_key), to_base64(verifier.server_key));
}

Result<Verifier> parse_verifier(std::string_view text) {
  if (text.size() > kMaxMessageBytes || !text.starts_with(kScheme))
    return fail("A pass verifier begins with \"{}\"; this one does not.", kScheme);
  text.remove_prefix(kScheme.size());
  const auto iterations = parse_iterations(cut(text, ':'));
  auto salt = parse_base64(cut(text, '$'));
  const auto stored = parse_key(cut(text, ':'));
  const auto server = parse_key(text);
  if (!iterations || !salt || salt->empty() || salt->size() > kMaxSaltBytes || !stored || !server)
    return fail("This pass verifier is damaged: after \"{}\" it should read ITERATIONS:SALT$KEY:KEY.", kScheme);
  if (!is_fair(*iterations)) {
    return fail("This pass verifier names {} iterations; members take part in {} to {}.", *iterations, kIterations,
                kMaxIterations);
  }
  return Verifier{std::move(*salt), *iterations, *stored, *server};
}

}  // namespace softlan::auth
