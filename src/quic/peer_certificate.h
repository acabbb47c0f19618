// The first certificate the other side of a TLS session has shown.
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <optional>

#include "link/link.h"

namespace softlan::quic {

class PeerCertificate {
 public:
  explicit PeerCertificate(gnutls_session_t session) {
    unsigned count = 0;
    const gnutls_datum_t* chain = gnutls_certificate_get_peers(session, &count);
    if (!chain || count == 0 || gnutls_x509_crt_init(&certificate_) < 0) return;
    readable_ = gnutls_x509_crt_import(certificate_, &chain[0], GNUTLS_X509_FMT_DER) >= 0;
  }
  ~PeerCertificate() {
    if (certificate_) gnutls_x509_crt_deinit(certificate_);
  }
  PeerCertificate(const PeerCertificate&) = delete;
  PeerCertificate& operator=(const PeerCertificate&) = delete;

  // False when there is none; nothing else may be asked then.
  [[nodiscard]] bool readable() const { return readable_; }
  [[nodiscard]] gnutls_x509_crt_t get() const { return certificate_; }

  // SHA-256 of its SubjectPublicKeyInfo.
  [[nodiscard]] std::optional<link::Fingerprint> fingerprint() const {
    link::Fingerprint made;
    std::size_t size = made.bytes.size();
    const int rv = gnutls_x509_crt_get_key_id(certificate_, GNUTLS_KEYID_USE_SHA256, made.bytes.data(), &size);
    return rv < 0 ? std::nullopt : std::optional(made);
  }

 private:
  gnutls_x509_crt_t certificate_ = nullptr;
  bool readable_ = false;
};

}  // namespace softlan::quic
