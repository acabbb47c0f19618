#include "quic/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <algorithm>
#include <memory>

namespace softlan::quic {

namespace {

struct CertificateFree {
  void operator()(gnutls_x509_crt_t certificate) const { gnutls_x509_crt_deinit(certificate); }
};
struct KeyFree {
  void operator()(gnutls_x509_privkey_t key) const { gnutls_x509_privkey_deinit(key); }
};
using Certificate = std::unique_ptr<gnutls_x509_crt_int, CertificateFree>;
using Key = std::unique_ptr<gnutls_x509_privkey_int, KeyFree>;

Certificate new_certificate() {
  gnutls_x509_crt_t raw = nullptr;
  gnutls_x509_crt_init(&raw);
  return Certificate(raw);
}

Key new_key() {
  gnutls_x509_privkey_t raw = nullptr;
  gnutls_x509_privkey_init(&raw);
  return Key(raw);
}

Certificate import(const std::string& pem) {
  Certificate certificate = new_certificate();
  const gnutls_datum_t datum{reinterpret_cast<unsigned char*>(const_cast<char*>(pem.data())),
                             static_cast<unsigned>(pem.size())};
  if (gnutls_x509_crt_import(certificate.get(), &datum, GNUTLS_X509_FMT_PEM) < 0) return nullptr;
  return certificate;
}

std::string take(gnutls_datum_t& out) {
  std::string text(reinterpret_cast<const char*>(out.data), out.size);
  gnutls_free(out.data);
  return text;
}

std::string export_certificate(gnutls_x509_crt_t certificate, gnutls_x509_crt_fmt_t format) {
  gnutls_datum_t out{};
  return gnutls_x509_crt_export2(certificate, format, &out) < 0 ? std::string() : take(out);
}

std::string export_key(gnutls_x509_privkey_t key) {
  gnutls_datum_t out{};
  return gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &out) < 0
             ? std::string()
             : take(out);
}

struct Recipe {
  gnutls_pk_algorithm_t algorithm;
  gnutls_ecc_curve_t curve;
  gnutls_digest_algorithm_t digest;
  std::string common_name;
  std::span<const std::string> dns_names;
  std::int64_t not_before;
  std::int64_t not_after;
};

Result<KeyedCertificate> generate(const Recipe& recipe) {
  Key key = new_key();
  Certificate certificate = new_certificate();
  int rv = gnutls_x509_privkey_generate(key.get(), recipe.algorithm, GNUTLS_CURVE_TO_BITS(recipe.curve), 0);
  std::uint8_t serial[16];
  if (rv >= 0) rv = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x40;  // positive, and always 16 bytes long (RFC 5280, section 4.1.2.2)
  gnutls_x509_crt_t raw = certificate.get();
  if (rv >= 0) rv = gnutls_x509_crt_set_version(raw, 3);
  if (rv >= 0) rv = gnutls_x509_crt_set_serial(raw, serial, sizeof serial);
  if (rv >= 0) rv = gnutls_x509_crt_set_activation_time(raw, recipe.not_before);
  if (rv >= 0) rv = gnutls_x509_crt_set_expiration_time(raw, recipe.not_after);
  if (rv >= 0) {
    rv = gnutls_x509_crt_set_dn_by_oid(raw, GNUTLS_OID_X520_COMMON_NAME, 0, recipe.common_name.data(),
                                       static_cast<unsigned>(recipe.common_name.size()));
  }
  for (const std::string& name : recipe.dns_names) {
    if (rv < 0) break;
    rv = gnutls_x509_crt_set_subject_alt_name(raw, GNUTLS_SAN_DNSNAME, name.data(), static_cast<unsigned>(name.size()),
                                              GNUTLS_FSAN_APPEND);
  }
  if (rv >= 0) rv = gnutls_x509_crt_set_key(raw, key.get());
  if (rv >= 0) rv = gnutls_x509_crt_set_key_usage(raw, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (rv >= 0) rv = gnutls_x509_crt_set_basic_constraints(raw, 0, -1);
  if (rv >= 0) rv = gnutls_x509_crt_sign2(raw, raw, key.get(), recipe.digest, 0);
  if (rv < 0) return fail("cannot make a certificate: {}", gnutls_strerror(rv));
  return KeyedCertificate{export_certificate(raw, GNUTLS_X509_FMT_PEM), export_key(key.get())};
}

constexpr std::int64_t kDay = 24 * 60 * 60;
constexpr std::int64_t kYear2020 = 1577836800;
constexpr std::int64_t kYear2049 = 2493072000;  // the last whole year of two-digit UTCTime

}  // namespace

Result<KeyedCertificate> generate_identity() {
  return generate({GNUTLS_PK_EDDSA_ED25519,
                   GNUTLS_ECC_CURVE_ED25519,
                   GNUTLS_DIG_SHA512,
                   "softlan member",
                   {},
                   kYear2020,
                   kYear2049});
}

Result<KeyedCertificate> generate_relay_certificate(std::span<const std::string> dns_names, std::int64_t unix_time,
                                                    KeyKind kind) {
  const bool is_ed25519 = kind == KeyKind::ed25519;
  return generate({is_ed25519 ? GNUTLS_PK_EDDSA_ED25519 : GNUTLS_PK_ECDSA,
                   is_ed25519 ? GNUTLS_ECC_CURVE_ED25519 : GNUTLS_ECC_CURVE_SECP256R1,
                   is_ed25519 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256, dns_names.front(), dns_names, unix_time - kDay,
                   unix_time + 3650 * kDay});
}

Result<std::vector<std::uint8_t>> certificate_to_der(const std::string& certificate_pem) {
  const Certificate certificate = import(certificate_pem);
  if (!certificate) return fail("the certificate is not readable as PEM");
  const std::string der = export_certificate(certificate.get(), GNUTLS_X509_FMT_DER);
  return std::vector<std::uint8_t>(der.begin(), der.end());
}

bool certificate_covers(const std::string& certificate_pem, std::span<const std::string> dns_names,
                        std::int64_t unix_time) {
  const Certificate certificate = import(certificate_pem);
  if (!certificate) return false;
  if (gnutls_x509_crt_get_expiration_time(certificate.get()) < unix_time) return false;
  return std::ranges::all_of(dns_names, [&](const std::string& name) {
    return gnutls_x509_crt_check_hostname2(certificate.get(), name.c_str(), 0) != 0;
  });
}

Result<link::Fingerprint> certificate_fingerprint(const std::string& certificate_pem) {
  const Certificate certificate = import(certificate_pem);
  link::Fingerprint fingerprint;
  std::size_t size = fingerprint.bytes.size();
  if (!certificate ||
      gnutls_x509_crt_get_key_id(certificate.get(), GNUTLS_KEYID_USE_SHA256, fingerprint.bytes.data(), &size) < 0) {
    return fail("the certificate is not readable as PEM");
  }
  return fingerprint;
}

Result<CertificateFacts> certificate_facts(const std::string& certificate_pem) {
  const Certificate certificate = import(certificate_pem);
  if (!certificate) return fail("the certificate is not readable as PEM");
  const int rv = gnutls_x509_crt_get_pk_algorithm(certificate.get(), nullptr);
  const auto algorithm = static_cast<gnutls_pk_algorithm_t>(rv < 0 ? GNUTLS_PK_UNKNOWN : rv);
  const char* name = gnutls_pk_get_name(algorithm);
  return CertificateFacts{.key = name ? name : "unknown",
                          .is_rsa = algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS,
                          .not_after = gnutls_x509_crt_get_expiration_time(certificate.get())};
}

}  // namespace softlan::quic
