#include "quic/tls.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <string_view>

#include "base/address.h"

namespace softlan::quic {

namespace {

constexpr char kPriority[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:"
    "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:%DISABLE_TLS13_COMPAT_MODE";

gnutls_datum_t datum(std::string_view text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

struct PeerCertificate {
  explicit PeerCertificate(gnutls_session_t session) {
    unsigned count = 0;
    const gnutls_datum_t* chain = gnutls_certificate_get_peers(session, &count);
    if (!chain || count == 0 || gnutls_x509_crt_init(&certificate) < 0) return;
    readable = gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0;
  }
  ~PeerCertificate() {
    if (certificate) gnutls_x509_crt_deinit(certificate);
  }
  PeerCertificate(const PeerCertificate&) = delete;
  PeerCertificate& operator=(const PeerCertificate&) = delete;

  gnutls_x509_crt_t certificate = nullptr;
  bool readable = false;
};

// A member may present any certificate with an Ed25519 key; TLS proves that it holds the key.
int check_member_certificate(gnutls_session_t session) {
  const PeerCertificate peer(session);
  if (!peer.readable) return GNUTLS_E_CERTIFICATE_ERROR;
  const int algorithm = gnutls_x509_crt_get_pk_algorithm(peer.certificate, nullptr);
  return algorithm == GNUTLS_PK_EDDSA_ED25519 ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

Result<gnutls_certificate_credentials_t> load(const KeyedCertificate& own) {
  gnutls_certificate_credentials_t credentials = nullptr;
  int rv = gnutls_certificate_allocate_credentials(&credentials);
  if (rv >= 0) {
    const gnutls_datum_t certificate = datum(own.certificate_pem);
    const gnutls_datum_t key = datum(own.key_pem);
    rv = gnutls_certificate_set_x509_key_mem(credentials, &certificate, &key, GNUTLS_X509_FMT_PEM);
  }
  if (rv >= 0) return credentials;
  if (credentials) gnutls_certificate_free_credentials(credentials);
  return fail("the certificate and its key do not load: {}", gnutls_strerror(rv));
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::for_relay(const KeyedCertificate& own) {
  auto credentials = load(own);
  if (!credentials) return std::unexpected(credentials.error());
  gnutls_certificate_set_verify_function(*credentials, check_member_certificate);
  return std::unique_ptr<TlsContext>(new TlsContext(Side::relay, *credentials));
}

Result<std::unique_ptr<TlsContext>> TlsContext::for_member(const KeyedCertificate& identity, Bytes trusted) {
  auto credentials = load(identity);
  if (!credentials) return std::unexpected(credentials.error());
  std::unique_ptr<TlsContext> context(new TlsContext(Side::member, *credentials));
  if (trusted.empty()) {
    if (gnutls_certificate_set_x509_system_trust(*credentials) < 0) {
      return fail("the system's trusted certificates cannot be read; install ca-certificates or give --relay-ca-cert");
    }
    return context;
  }
  const std::string_view text(reinterpret_cast<const char*>(trusted.data()), trusted.size());
  const bool is_pem = text.find("-----BEGIN") != std::string_view::npos;
  const gnutls_datum_t certificates = datum(text);
  const int loaded = gnutls_certificate_set_x509_trust_mem(*credentials, &certificates,
                                                           is_pem ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER);
  if (loaded <= 0) return fail("it holds no certificate in DER or PEM form");
  return context;
}

TlsContext::~TlsContext() { gnutls_certificate_free_credentials(credentials_); }

TlsSession::TlsSession(const TlsContext& context, void* connection_reference, const std::string& server_name)
    : server_name_(server_name) {
  const bool is_relay = context.side() == Side::relay;
  gnutls_session_t session = nullptr;
  if (gnutls_init(&session, (is_relay ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NO_TICKETS) < 0) return;
  const gnutls_datum_t alpn = datum(kAlpn);
  const bool configured = gnutls_priority_set_direct(session, kPriority, nullptr) >= 0 &&
                          (is_relay ? ngtcp2_crypto_gnutls_configure_server_session(session)
                                    : ngtcp2_crypto_gnutls_configure_client_session(session)) == 0 &&
                          gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, context.credentials_) >= 0 &&
                          gnutls_alpn_set_protocols(session, &alpn, 1, GNUTLS_ALPN_MANDATORY) >= 0;
  if (!configured) {
    gnutls_deinit(session);
    return;
  }
  gnutls_session_set_ptr(session, connection_reference);
  if (is_relay) {
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
  } else {
    gnutls_session_set_verify_cert(session, server_name_.c_str(), 0);
    if (!parse_ip(server_name_))
      gnutls_server_name_set(session, GNUTLS_NAME_DNS, server_name_.data(), server_name_.size());
  }
  session_ = session;
}

TlsSession::~TlsSession() {
  if (session_) gnutls_deinit(session_);
}

bool TlsSession::has_our_protocol() const {
  gnutls_datum_t selected{};
  if (gnutls_alpn_get_selected_protocol(session_, &selected) < 0) return false;
  return std::string_view(reinterpret_cast<const char*>(selected.data), selected.size) == kAlpn;
}

std::optional<link::Fingerprint> TlsSession::peer_identity() const {
  const PeerCertificate peer(session_);
  link::Fingerprint fingerprint;
  std::size_t size = fingerprint.bytes.size();
  if (!peer.readable ||
      gnutls_x509_crt_get_key_id(peer.certificate, GNUTLS_KEYID_USE_SHA256, fingerprint.bytes.data(), &size) < 0) {
    return std::nullopt;
  }
  return fingerprint;
}

std::optional<link::LinkEnd> TlsSession::certificate_problem() const {
  const unsigned status = gnutls_session_get_verify_cert_status(session_);
  if (status == 0 || status == static_cast<unsigned>(-1)) return std::nullopt;
  link::LinkEnd end{.fault = link::LinkFault::untrusted, .code = 0, .reason = {}};
  if (status & GNUTLS_CERT_NOT_ACTIVATED) {
    end.reason = "the relay's certificate is not valid yet; is this machine's clock right?";
  } else if (status & GNUTLS_CERT_EXPIRED) {
    end.reason = "the relay's certificate has expired";
  } else if (status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)) {
    end.reason = "the relay's certificate is not one this member was told to trust";
  } else if (status & GNUTLS_CERT_UNEXPECTED_OWNER) {
    end.fault = link::LinkFault::wrong_name;
    end.reason = "the relay's certificate is not for the name " + server_name_;
  } else {
    end.reason = "the relay's certificate cannot be trusted";
  }
  return end;
}

}  // namespace softlan::quic
