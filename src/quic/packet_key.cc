#include "quic/packet_key.h"

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "quic/aes.h"

namespace softlan::quic {

namespace {

// ngtcp2 keeps a key as a pointer without a type. Ours have their lowest bit set; GnuTLS's come from malloc.
constexpr std::uintptr_t kOurs = 1;

template <typename Key>
void* to_handle(std::unique_ptr<Key> key) {
  return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(key.release()) | kOurs);
}

// Null when it is one of GnuTLS's.
template <typename Key>
Key* from_handle(void* handle) {
  const auto bits = reinterpret_cast<std::uintptr_t>(handle);
  return (bits & kOurs) != 0 ? reinterpret_cast<Key*>(bits ^ kOurs) : nullptr;
}

struct Secrets {
  std::array<std::uint8_t, AesGcm::kKeySize> key;
  std::array<std::uint8_t, AesGcm::kNonceSize> iv;
  std::array<std::uint8_t, AesBlock::kKeySize> header;

  ~Secrets() { gnutls_memset(this, 0, sizeof *this); }
};

// HKDF-Expand-Label (RFC 8446, section 7.1) with labels of RFC 9001, section 5.1.
bool expand(const ngtcp2_crypto_md& hash, Bytes secret, std::string_view label, MutableBytes out) {
  std::array<std::uint8_t, 32> info{0, static_cast<std::uint8_t>(out.size()), static_cast<std::uint8_t>(label.size())};
  std::ranges::copy(label, info.begin() + 3);
  const std::size_t size = 3 + label.size() + 1;  // the context after it is empty
  return ngtcp2_crypto_hkdf_expand(out.data(), out.size(), &hash, secret.data(), secret.size(), info.data(), size) == 0;
}

enum class Way : std::uint8_t { in, out };

// False when these keys are for ngtcp2's glue, or it has to say what is wrong.
bool install(ngtcp2_conn* connection, Way way, Bytes secret) {
  const ngtcp2_crypto_ctx& context = *ngtcp2_conn_get_crypto_ctx(connection);
  Secrets made;
  if (!expand(context.md, secret, "tls13 quic key", made.key) ||
      !expand(context.md, secret, "tls13 quic iv", made.iv) ||
      !expand(context.md, secret, "tls13 quic hp", made.header)) {
    return false;
  }
  auto packet = AesGcm::make(made.key);
  auto header = AesBlock::make(made.header);
  if (!packet || !header) return false;
  const ngtcp2_crypto_aead_ctx packets{to_handle(std::move(packet))};
  const ngtcp2_crypto_cipher_ctx headers{to_handle(std::move(header))};
  const auto install_key = way == Way::in ? ngtcp2_conn_install_rx_key : ngtcp2_conn_install_tx_key;
  if (install_key(connection, secret.data(), secret.size(), &packets, made.iv.data(), made.iv.size(), &headers) == 0) {
    return true;
  }
  delete from_handle<AesGcm>(packets.native_handle);
  delete from_handle<AesBlock>(headers.native_handle);
  return false;
}

int on_secret(gnutls_session_t session, gnutls_record_encryption_level_t level, const void* in, const void* out,
              std::size_t size) {
  auto* found = static_cast<ngtcp2_crypto_conn_ref*>(gnutls_session_get_ptr(session));
  ngtcp2_conn* const connection = found->get_conn(found);
  const bool maybe_ours = level == GNUTLS_ENCRYPTION_LEVEL_APPLICATION &&
                          gnutls_cipher_get(session) == GNUTLS_CIPHER_AES_128_GCM &&
                          ngtcp2_conn_get_negotiated_version(connection) == NGTCP2_PROTO_VER_V1;
  const auto installed = [&](Way way, const void* from) {
    if (!from) return true;
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    if (maybe_ours && install(connection, way, {bytes, size})) return true;
    const auto glue =
        way == Way::in ? ngtcp2_crypto_derive_and_install_rx_key : ngtcp2_crypto_derive_and_install_tx_key;
    return glue(connection, nullptr, nullptr, nullptr, ngtcp2_crypto_gnutls_from_gnutls_record_encryption_level(level),
                bytes, size) == 0;
  };
  return installed(Way::in, in) && installed(Way::out, out) ? 0 : GNUTLS_E_INTERNAL_ERROR;
}

int encrypt(std::uint8_t* out, const ngtcp2_crypto_aead* aead, const ngtcp2_crypto_aead_ctx* context,
            const std::uint8_t* plain, std::size_t plain_size, const std::uint8_t* nonce, std::size_t nonce_size,
            const std::uint8_t* associated, std::size_t associated_size) {
  const AesGcm* const key = from_handle<AesGcm>(context->native_handle);
  if (!key) {
    return ngtcp2_crypto_encrypt_cb(out, aead, context, plain, plain_size, nonce, nonce_size, associated,
                                    associated_size);
  }
  key->seal(out, {plain, plain_size}, AesGcm::Nonce(nonce, AesGcm::kNonceSize), {associated, associated_size});
  return 0;
}

int decrypt(std::uint8_t* out, const ngtcp2_crypto_aead* aead, const ngtcp2_crypto_aead_ctx* context,
            const std::uint8_t* sealed, std::size_t sealed_size, const std::uint8_t* nonce, std::size_t nonce_size,
            const std::uint8_t* associated, std::size_t associated_size) {
  const AesGcm* const key = from_handle<AesGcm>(context->native_handle);
  if (!key) {
    return ngtcp2_crypto_decrypt_cb(out, aead, context, sealed, sealed_size, nonce, nonce_size, associated,
                                    associated_size);
  }
  const bool good =
      key->open(out, {sealed, sealed_size}, AesGcm::Nonce(nonce, AesGcm::kNonceSize), {associated, associated_size});
  return good ? 0 : NGTCP2_ERR_DECRYPT;
}

// RFC 9001, section 5.4.3.
int hp_mask(std::uint8_t* out, const ngtcp2_crypto_cipher* cipher, const ngtcp2_crypto_cipher_ctx* context,
            const std::uint8_t* sample) {
  const AesBlock* const key = from_handle<AesBlock>(context->native_handle);
  if (!key) return ngtcp2_crypto_hp_mask_cb(out, cipher, context, sample);
  const AesBlock::Block mask = key->encrypt(sample);
  std::copy_n(mask.begin(), NGTCP2_HP_MASKLEN, out);
  return 0;
}

// Where the keys in use are ours, the next ones are too.
int update_key(ngtcp2_conn* connection, std::uint8_t* in_secret, std::uint8_t* out_secret, ngtcp2_crypto_aead_ctx* in,
               std::uint8_t* in_iv, ngtcp2_crypto_aead_ctx* out, std::uint8_t* out_iv,
               const std::uint8_t* last_in_secret, const std::uint8_t* last_out_secret, std::size_t secret_size,
               void*) {
  std::array<std::uint8_t, 64> in_key;
  std::array<std::uint8_t, 64> out_key;
  if (ngtcp2_crypto_update_key(connection, in_secret, out_secret, in, in_key.data(), in_iv, out, out_key.data(), out_iv,
                               last_in_secret, last_out_secret, secret_size) != 0) {
    return NGTCP2_ERR_CALLBACK_FAILURE;
  }
  const ngtcp2_crypto_aead& aead = ngtcp2_conn_get_crypto_ctx(connection)->aead;
  const bool maybe_ours = ngtcp2_crypto_aead_keylen(&aead) == AesGcm::kKeySize;
  for (auto [context, key] : {std::pair(in, &in_key), std::pair(out, &out_key)}) {
    if (auto made = maybe_ours ? AesGcm::make(AesGcm::Key(key->data(), AesGcm::kKeySize)) : nullptr) {
      ngtcp2_crypto_aead_ctx_free(context);
      context->native_handle = to_handle(std::move(made));
    }
    gnutls_memset(key->data(), 0, key->size());
  }
  return 0;
}

void delete_key(ngtcp2_conn* connection, ngtcp2_crypto_aead_ctx* context, void* user_data) {
  if (AesGcm* const key = from_handle<AesGcm>(context->native_handle)) {
    delete key;
  } else {
    ngtcp2_crypto_delete_crypto_aead_ctx_cb(connection, context, user_data);
  }
}

void delete_header_key(ngtcp2_conn* connection, ngtcp2_crypto_cipher_ctx* context, void* user_data) {
  if (AesBlock* const key = from_handle<AesBlock>(context->native_handle)) {
    delete key;
  } else {
    ngtcp2_crypto_delete_crypto_cipher_ctx_cb(connection, context, user_data);
  }
}

}  // namespace

void take_packet_keys(gnutls_session_t session) { gnutls_handshake_set_secret_function(session, on_secret); }

void use_packet_keys(ngtcp2_callbacks& callbacks) {
  callbacks.encrypt = encrypt;
  callbacks.decrypt = decrypt;
  callbacks.hp_mask = hp_mask;
  callbacks.update_key = update_key;
  callbacks.delete_crypto_aead_ctx = delete_key;
  callbacks.delete_crypto_cipher_ctx = delete_header_key;
}

}  // namespace softlan::quic
