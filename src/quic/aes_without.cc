// For builds without intel-ipsec-mb: no key is ever made.
#include "quic/aes.h"

struct gcm_key_data {};

namespace softlan::quic {

void AesGcm::Wipe::operator()(gcm_key_data* key) const { delete key; }

std::unique_ptr<AesGcm> AesGcm::make(Key) { return nullptr; }

void AesGcm::seal(std::uint8_t*, Bytes, Nonce, Bytes) const {}

bool AesGcm::open(std::uint8_t*, Bytes, Nonce, Bytes) const { return false; }

std::unique_ptr<AesBlock> AesBlock::make(Key) { return nullptr; }

AesBlock::~AesBlock() = default;

AesBlock::Block AesBlock::encrypt(const std::uint8_t*) const { return {}; }

}  // namespace softlan::quic
