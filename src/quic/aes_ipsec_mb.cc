#include <gnutls/gnutls.h>
#include <intel-ipsec-mb.h>

#include <array>

#include "quic/aes.h"

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

// In the same time whatever they are.
bool is_same_tag(const std::uint8_t* a, const std::uint8_t* b) {
  static_assert(AesGcm::kTagSize == 16);
  return ((load_be64(a) ^ load_be64(b)) | (load_be64(a + 8) ^ load_be64(b + 8))) == 0;
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
  return is_same_tag(tag.data(), sealed.data() + size);
}

std::unique_ptr<AesBlock> AesBlock::make(Key key) {
  const IMB_MGR* const with = functions();
  if (!with) return nullptr;
  std::unique_ptr<AesBlock> made(new AesBlock);
  alignas(16) std::array<std::uint8_t, sizeof made->round_keys_> of_decryption;
  IMB_AES_KEYEXP_128(with, key.data(), made->round_keys_.data(), of_decryption.data());
  gnutls_memset(of_decryption.data(), 0, of_decryption.size());
  return made;
}

AesBlock::~AesBlock() { gnutls_memset(round_keys_.data(), 0, round_keys_.size()); }

// The first block of CFB is that of its vector, with the plain text on top of it.
AesBlock::Block AesBlock::encrypt(const std::uint8_t* block) const {
  constexpr Block kNothing{};
  Block encrypted;
  IMB_AES128_CFB_ONE(functions(), encrypted.data(), kNothing.data(), block, round_keys_.data(), kSize);
  return encrypted;
}

}  // namespace softlan::quic
