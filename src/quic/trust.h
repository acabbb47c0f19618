// Which relay a member believes, and what it says of one that it does not believe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "link/link.h"

struct gnutls_certificate_credentials_st;
struct gnutls_session_int;

namespace softlan::quic {

// With nothing given, the system's trust store and the name in the certificate decide.
struct Trust {
  // Instead of the system's store: certificates (DER or PEM), the relay's own or its issuer's. The name still counts.
  std::vector<std::uint8_t> ca = {};
  // SHA-256 of the relay's SubjectPublicKeyInfo, as certificate_fingerprint() gives it. It alone decides: name, dates
  // and issuer are not looked at.
  std::optional<std::array<std::uint8_t, 32>> pin = {};
};

// Gives `credentials` what is needed to judge certificates; the error says what cannot be read.
[[nodiscard]] Result<void> load_trust(gnutls_certificate_credentials_st* credentials, const Trust& trust);

// What is wrong with the certificate the relay has shown in this session; nothing when it is to be believed. `name` is
// a DNS name or an IP address.
[[nodiscard]] std::optional<link::LinkEnd> problem_with_relay(gnutls_session_int* session, const Trust& trust,
                                                              const std::string& name);

}  // namespace softlan::quic
