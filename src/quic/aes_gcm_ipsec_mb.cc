#include <gnutls/gnutls.h>
#include <intel-ipsec-mb.h>

#include <array>

#include "quic/aes_gcm.h"

namespace softlan::quic {

namespace {

// The library's functions for this processor; null when it has no AES instructions.
const IMB_MGR* functions() {
  static const std::unique_ptr<IMB_MGR, void (*)(IMB_MGR*)> manager = [] {
    std::unique_ptr<IMB_MGR, void (*)(IMB_MGR*)> made(alloc_mb_mgr(0), free_mb_mgr);
    if (!made) return made;
    init_mb_mgr_auto(made.get(), nullptr);
    constexpr std::uint64_t kNeeded = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ;
    if (imb_get_errno(made.get()) != 0 || (made->features & kNeeded) != kNeeded) made.reset();
    return made;
  }();
  return manager.get();
}

}  // namespace

void AesGcm::Wipe::operator()(gcm_key_data* key) const {
  gnutls_memset(key, 0, sizeof *key);
  delete key;
}

std::unique_ptr<AesGcm> AesGcm::make(Key key) {
  const IMB_MGR* const with = functions();
  if (!with) return nullptr;
  Expanded expanded(new gcm_key_data);
  IMB_AES128_GCM_PRE(with, key.data(), expanded.get());
  return std::unique_ptr<AesGcm>(new AesGcm(std::move(expanded)));
}

void AesGcm::seal(std::uint8_t* sealed, Bytes plain, Nonce nonce, Bytes associated) const {
  gcm_context_data state;
  IMB_AES128_GCM_ENC(functions(), key_.get(), &state, sealed, plain.data(), plain.size(), nonce.data(),
                     associated.data(), associated.size(), sealed + plain.size(), kTagSize);
}

bool AesGcm::open(std::uint8_t* plain, Bytes sealed, Nonce nonce, Bytes associated) const {
  if (sealed.size() < kTagSize) return false;
  gcm_context_data state;
  const std::size_t size = sealed.size() - kTagSize;
  std::array<std::uint8_t, kTagSize> tag;
  IMB_AES128_GCM_DEC(functions(), key_.get(), &state, plain, sealed.data(), size, nonce.data(), associated.data(),
                     associated.size(), tag.data(), kTagSize);
  return gnutls_memcmp(tag.data(), sealed.data() + size, kTagSize) == 0;
}

}  // namespace softlan::quic
