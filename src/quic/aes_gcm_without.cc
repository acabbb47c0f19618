// For builds without intel-ipsec-mb: no key is ever made.
#include "quic/aes_gcm.h"

struct gcm_key_data {};

namespace softlan::quic {

void AesGcm::Wipe::operator()(gcm_key_data* key) const { delete key; }

std::unique_ptr<AesGcm> AesGcm::make(Key) { return nullptr; }

void AesGcm::seal(std::uint8_t*, Bytes, Nonce, Bytes) const {}

bool AesGcm::open(std::uint8_t*, Bytes, Nonce, Bytes) const { return false; }

}  // namespace softlan::quic
