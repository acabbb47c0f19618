#include "quic/trust.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <string_view>

#include "base/text.h"
#include "quic/peer_certificate.h"

namespace softlan::quic {

namespace {

link::LinkEnd untrusted(std::string reason) {
  return {.fault = link::LinkFault::untrusted, .code = 0, .reason = std::move(reason)};
}

std::string issuer_of(const PeerCertificate& relay) {
  gnutls_datum_t name{};
  if (gnutls_x509_crt_get_issuer_dn3(relay.get(), &name, 0) < 0) return "nobody";
  std::string text = printable({reinterpret_cast<const char*>(name.data), name.size}, 80);
  gnutls_free(name.data);
  return text;
}

std::string nobody_trusted(const PeerCertificate& relay) {
  std::string reason = "the relay's certificate is not one this member was told to trust";
  const bool issued_by_itself = gnutls_x509_crt_check_issuer(relay.get(), relay.get()) != 0;
  return issued_by_itself ? reason : reason + ", nor is its issuer " + issuer_of(relay);
}

// The first thing wrong that its owner can do something about.
link::LinkEnd explain(unsigned status, const PeerCertificate& relay, const std::string& name) {
  // "Not a CA": the trusted certificate has the issuer's name, as an earlier one of the same relay has.
  if (status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)) return untrusted(nobody_trusted(relay));
  if (status & GNUTLS_CERT_NOT_ACTIVATED) {
    return untrusted("the relay's certificate is not valid yet; is this machine's clock right?");
  }
  if (status & GNUTLS_CERT_EXPIRED) {
    return untrusted("the relay's certificate has expired; or is this machine's clock wrong?");
  }
  if (status & GNUTLS_CERT_UNEXPECTED_OWNER) {
    return {.fault = link::LinkFault::wrong_name,
            .code = 0,
            .reason = "the relay's certificate is not for the name " + printable(name)};
  }
  if (status & GNUTLS_CERT_INSECURE_ALGORITHM) {
    return untrusted("the relay's certificate, or its issuer's, has a key or signature too weak for today");
  }
  if (status & GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE) {
    return untrusted("the relay's certificate was issued by somebody who may not issue it: " + issuer_of(relay));
  }
  if (status & GNUTLS_CERT_PURPOSE_MISMATCH) return untrusted("the relay's certificate is not meant for servers");
  if (status & GNUTLS_CERT_REVOKED) return untrusted("the relay's certificate has been revoked");
  return untrusted("the signatures of the relay's certificate do not fit together");
}

}  // namespace

Result<void> load_trust(gnutls_certificate_credentials_t credentials, const Trust& trust) {
  if (trust.pin) return {};
  if (trust.ca.empty()) {
    if (gnutls_certificate_set_x509_system_trust(credentials) > 0) return {};
    return fail("the system's trusted certificates cannot be read; install ca-certificates or give --relay-ca-cert");
  }
  const std::string_view text(reinterpret_cast<const char*>(trust.ca.data()), trust.ca.size());
  const gnutls_datum_t certificates{const_cast<unsigned char*>(trust.ca.data()),
                                    static_cast<unsigned>(trust.ca.size())};
  const auto form = text.find("-----BEGIN") != text.npos ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER;
  if (gnutls_certificate_set_x509_trust_mem(credentials, &certificates, form) > 0) return {};
  return fail("it holds no certificate in DER or PEM form");
}

std::optional<link::LinkEnd> problem_with_relay(gnutls_session_t session, const Trust& trust, const std::string& name) {
  const PeerCertificate relay(session);
  if (!relay.readable()) return untrusted("the relay has shown no certificate that can be read");
  if (trust.pin) {
    const auto fingerprint = relay.fingerprint();
    if (fingerprint && fingerprint->bytes == *trust.pin) return std::nullopt;
    return untrusted("this is not the relay the link is for: its key differs from the pin");
  }
  gnutls_typed_vdata_st wanted[] = {
      {GNUTLS_DT_DNS_HOSTNAME, reinterpret_cast<unsigned char*>(const_cast<char*>(name.c_str())), 0},
      {GNUTLS_DT_KEY_PURPOSE_OID, reinterpret_cast<unsigned char*>(const_cast<char*>(GNUTLS_KP_TLS_WWW_SERVER)), 0}};
  unsigned status = 0;
  if (gnutls_certificate_verify_peers(session, wanted, 2, &status) < 0) {
    return untrusted("the relay's certificate cannot be verified");
  }
  return status == 0 ? std::nullopt : std::optional(explain(status, relay, name));
}

}  // namespace softlan::quic
