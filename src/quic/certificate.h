// Certificates: making a member's identity (Ed25519) and a relay's own one (ECDSA P-256), and reading any.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "link/link.h"

namespace softlan::quic {

// A certificate with its private key, both PEM (RFC 7468).
struct KeyedCertificate {
  std::string certificate_pem;  // those of its issuers may follow
  std::string key_pem;
};

// A member's identity: its public key is who it is; name and dates mean nothing and never change, so that every such
// certificate has the same size.
[[nodiscard]] Result<KeyedCertificate> generate_identity();

enum class KeyKind : std::uint8_t {
  ecdsa_p256,  // what every TLS library verifies
  ed25519,     // signatures, and with them handshakes, always have the same size
};

// A relay's self-signed certificate for `dns_names` (at least one), valid for ten years around `unix_time` seconds.
[[nodiscard]] Result<KeyedCertificate> generate_relay_certificate(std::span<const std::string> dns_names,
                                                                  std::int64_t unix_time,
                                                                  KeyKind kind = KeyKind::ecdsa_p256);

[[nodiscard]] Result<std::vector<std::uint8_t>> certificate_to_der(const std::string& certificate_pem);
// Whether a certificate names every one of `dns_names` and is valid at `unix_time`.
[[nodiscard]] bool certificate_covers(const std::string& certificate_pem, std::span<const std::string> dns_names,
                                      std::int64_t unix_time);
// SHA-256 of the SubjectPublicKeyInfo: a member's identity, a relay's pin.
[[nodiscard]] Result<link::Fingerprint> certificate_fingerprint(const std::string& certificate_pem);

// What the owner of a certificate wants to know of it.
struct CertificateFacts {
  std::string key;             // "EC/ECDSA", "RSA", "EdDSA (Ed25519)"
  bool is_rsa = false;         // whose signatures take a relay many times as long as ECDSA's
  std::int64_t not_after = 0;  // seconds since 1970
};
[[nodiscard]] Result<CertificateFacts> certificate_facts(const std::string& certificate_pem);

}  // namespace softlan::quic
