// Certificates with something special about them, for tests.
#pragma once

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include <cstdint>
#include <ctime>
#include <string>

#include "quic/certificate.h"

namespace softlan::quic::test {

inline constexpr std::int64_t kDay = 24 * 60 * 60;

struct Wish {
  std::string name = "lanparty-relay.local";  // subjectAltName; of an issuer: its common name
  const KeyedCertificate* issuer = nullptr;   // itself
  bool is_issuer = false;
  gnutls_pk_algorithm_t algorithm = GNUTLS_PK_ECDSA;
  unsigned bits = 256;
  const char* purpose = GNUTLS_KP_TLS_WWW_SERVER;
  std::int64_t begins_in_days = -1;  // from now
  std::int64_t ends_in_days = 90;
};

inline gnutls_datum_t datum(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

inline std::string take(gnutls_datum_t out) {
  std::string text(reinterpret_cast<const char*>(out.data), out.size);
  gnutls_free(out.data);
  return text;
}

inline KeyedCertificate issue(const Wish& wish) {
  gnutls_x509_privkey_t key = nullptr, issuer_key = nullptr;
  gnutls_x509_crt_t made = nullptr, issuer = nullptr;
  gnutls_x509_privkey_init(&key);
  gnutls_x509_privkey_init(&issuer_key);
  gnutls_x509_crt_init(&made);
  gnutls_x509_crt_init(&issuer);
  const bool is_rsa = wish.algorithm == GNUTLS_PK_RSA;
  gnutls_x509_privkey_generate(
      key, wish.algorithm, is_rsa ? wish.bits : static_cast<unsigned>(GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1)),
      0);

  const std::uint8_t serial[] = {0x4a, static_cast<std::uint8_t>(wish.name.size())};
  const std::int64_t now = std::time(nullptr);
  gnutls_x509_crt_set_version(made, 3);
  gnutls_x509_crt_set_serial(made, serial, sizeof serial);
  gnutls_x509_crt_set_activation_time(made, now + wish.begins_in_days * kDay);
  gnutls_x509_crt_set_expiration_time(made, now + wish.ends_in_days * kDay);
  gnutls_x509_crt_set_dn_by_oid(made, GNUTLS_OID_X520_COMMON_NAME, 0, wish.name.data(),
                                static_cast<unsigned>(wish.name.size()));
  gnutls_x509_crt_set_key(made, key);
  gnutls_x509_crt_set_basic_constraints(made, wish.is_issuer ? 1 : 0, -1);
  if (wish.is_issuer) {
    gnutls_x509_crt_set_key_usage(made, GNUTLS_KEY_KEY_CERT_SIGN);
  } else {
    gnutls_x509_crt_set_subject_alt_name(made, GNUTLS_SAN_DNSNAME, wish.name.data(),
                                         static_cast<unsigned>(wish.name.size()), GNUTLS_FSAN_SET);
    gnutls_x509_crt_set_key_usage(made, GNUTLS_KEY_DIGITAL_SIGNATURE);
    gnutls_x509_crt_set_key_purpose_oid(made, wish.purpose, 0);
  }
  if (wish.issuer) {
    const gnutls_datum_t issuer_pem = datum(wish.issuer->certificate_pem), key_pem = datum(wish.issuer->key_pem);
    gnutls_x509_crt_import(issuer, &issuer_pem, GNUTLS_X509_FMT_PEM);
    gnutls_x509_privkey_import2(issuer_key, &key_pem, GNUTLS_X509_FMT_PEM, nullptr, 0);
  }
  gnutls_x509_crt_sign2(made, wish.issuer ? issuer : made, wish.issuer ? issuer_key : key, GNUTLS_DIG_SHA256, 0);

  gnutls_datum_t certificate_out{}, key_out{};
  gnutls_x509_crt_export2(made, GNUTLS_X509_FMT_PEM, &certificate_out);
  gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &key_out);
  gnutls_x509_crt_deinit(issuer);
  gnutls_x509_crt_deinit(made);
  gnutls_x509_privkey_deinit(issuer_key);
  gnutls_x509_privkey_deinit(key);
  return {take(certificate_out), take(key_out)};
}

}  // namespace softlan::quic::test
