#include "auth/scram_keys.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha2.h>

#include <algorithm>

namespace softlan::auth {

namespace {

const std::uint8_t* octets(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

Key sha256(Bytes message) {
  Key digest;
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, message.size(), message.data());
  sha256_digest(&context, digest.size(), digest.data());
  return digest;
}

Key exclusive_or(Key a, const Key& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] ^= b[i];
  return a;
}

Key client_key(const Key& salted) { return hmac(salted, "Client Key"); }

}  // namespace

Key hmac(Bytes key, std::string_view message) {
  Key digest;
  hmac_sha256_ctx context;
  hmac_sha256_set_key(&context, key.size(), key.data());
  hmac_sha256_update(&context, message.size(), octets(message));
  hmac_sha256_digest(&context, digest.size(), digest.data());
  return digest;
}

Key salt_pass(std::string_view pass, Bytes salt, std::uint32_t iterations) {
  Key salted;
  pbkdf2_hmac_sha256(pass.size(), octets(pass), iterations, salt.size(), salt.data(), salted.size(), salted.data());
  return salted;
}

Key stored_key(const Key& salted) { return sha256(client_key(salted)); }

Key server_key(const Key& salted) { return hmac(salted, "Server Key"); }

Key client_proof(const Key& salted, std::string_view auth_message) {
  return exclusive_or(client_key(salted), hmac(stored_key(salted), auth_message));
}

Key server_signature(const Key& server_key, std::string_view auth_message) { return hmac(server_key, auth_message); }

bool proves(const Key& stored_key, std::string_view auth_message, const Key& proof) {
  const Key claimed_client_key = exclusive_or(proof, hmac(stored_key, auth_message));
  return equal_in_constant_time(sha256(claimed_client_key), stored_key);
}

bool equal_in_constant_time(const Key& a, const Key& b) { return memeql_sec(a.data(), b.data(), a.size()) != 0; }

const Key& SaltedPass::with(Bytes salt, std::uint32_t iterations) {
  if (iterations != iterations_ || !std::ranges::equal(salt, salt_)) {
    salted_ = salt_pass(pass_, salt, iterations);
    salt_.assign(salt.begin(), salt.end());
    iterations_ = iterations;
  }
  return salted_;
}

}  // namespace softlan::auth
