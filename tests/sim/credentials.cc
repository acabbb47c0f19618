#include "sim/credentials.h"

#include "quic/certificate.h"

namespace softlan::sim {

namespace {
constexpr std::int64_t kNotLongAgo = 1780000000;  // 2026
}

Credentials::Credentials(std::size_t members) {
  const std::string names[] = {kServerName};
  const auto own = quic::generate_relay_certificate(names, kNotLongAgo, quic::KeyKind::ed25519).value();
  relay_ = quic::TlsContext::for_relay(own).value();
  const auto der = quic::certificate_to_der(own.certificate_pem).value();
  for (std::size_t i = 0; i < members; ++i) {
    members_.push_back(quic::TlsContext::for_member(quic::generate_identity().value(), {.ca = der}).value());
  }
}

}  // namespace softlan::sim
