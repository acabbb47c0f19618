#include "quic/tls.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <string_view>

#include "base/address.h"
#include "quic/packet_key.h"
#include "quic/peer_certificate.h"

namespace softlan::quic {

namespace {

constexpr char kPriority[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:"
    "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:%DISABLE_TLS13_COMPAT_MODE:%PROFILE_MEDIUM";

gnutls_datum_t datum(std::string_view text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

// A member may present any certificate with an Ed25519 key; TLS proves that it holds the key.
int check_member_certificate(gnutls_session_t session) {
  const PeerCertificate member(session);
  if (!member.readable()) return GNUTLS_E_CERTIFICATE_ERROR;
  const int algorithm = gnutls_x509_crt_get_pk_algorithm(member.get(), nullptr);
  return algorithm == GNUTLS_PK_EDDSA_ED25519 ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

std::string_view what_does_not_load(const KeyedCertificate& own, int error) {
  if (own.key_pem.find("ENCRYPTED") != own.key_pem.npos) return "the key is protected by a passphrase; give it without";
  if (error == GNUTLS_E_CERTIFICATE_KEY_MISMATCH) return "the key does not belong to the certificate";
  return "the key is not readable as PEM";
}

}  // namespace

TlsContext::TlsContext(Side side, Credentials credentials, Trust trust)
    : side_(side), credentials_(std::move(credentials)), trust_(std::move(trust)) {
  gnutls_priority_t raw = nullptr;
  if (gnutls_priority_init(&raw, kPriority, nullptr) >= 0) priorities_.reset(raw, gnutls_priority_deinit);
}

Result<TlsContext::Credentials> TlsContext::load(const KeyedCertificate& own) {
  // GnuTLS forgets to free what it has read of a certificate that is cut short, so it is not given one.
  if (!certificate_fingerprint(own.certificate_pem)) return fail("the certificate is not readable as PEM");
  gnutls_certificate_credentials_t raw = nullptr;
  if (gnutls_certificate_allocate_credentials(&raw) < 0) return fail("no memory for certificates");
  Credentials credentials(raw, gnutls_certificate_free_credentials);
  const gnutls_datum_t certificate = datum(own.certificate_pem);
  const gnutls_datum_t key = datum(own.key_pem);
  const int rv = gnutls_certificate_set_x509_key_mem(raw, &certificate, &key, GNUTLS_X509_FMT_PEM);
  if (rv < 0) return fail("{}", what_does_not_load(own, rv));
  return credentials;
}

Result<std::unique_ptr<TlsContext>> TlsContext::for_relay(const KeyedCertificate& own) {
  std::unique_ptr<TlsContext> context(new TlsContext(Side::relay, nullptr, {}));
  if (auto loaded = context->replace_certificate(own); !loaded) return std::unexpected(loaded.error());
  return context;
}

Result<void> TlsContext::replace_certificate(const KeyedCertificate& own) {
  auto credentials = load(own);
  if (!credentials) return std::unexpected(credentials.error());
  gnutls_certificate_set_verify_function(credentials->get(), check_member_certificate);
  credentials_ = std::move(*credentials);
  return {};
}

Result<std::unique_ptr<TlsContext>> TlsContext::for_member(const KeyedCertificate& identity, Trust trust) {
  auto credentials = load(identity);
  if (!credentials) return std::unexpected(credentials.error());
  if (auto loaded = load_trust(credentials->get(), trust); !loaded) return std::unexpected(loaded.error());
  return std::unique_ptr<TlsContext>(new TlsContext(Side::member, std::move(*credentials), std::move(trust)));
}

TlsSession::TlsSession(const TlsContext& context, ngtcp2_crypto_get_conn find, void* owner,
                       const std::string& server_name)
    : reference_{{find, owner}, this},
      trust_(context.trust_),
      credentials_(context.credentials_),
      server_name_(server_name) {
  const bool is_relay = context.side() == Side::relay;
  gnutls_session_t session = nullptr;
  if (gnutls_init(&session, (is_relay ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NO_TICKETS) < 0) return;
  const gnutls_datum_t alpn = datum(kAlpn);
  const bool configured = gnutls_priority_set(session, context.priorities_.get()) >= 0 &&
                          (is_relay ? ngtcp2_crypto_gnutls_configure_server_session(session)
                                    : ngtcp2_crypto_gnutls_configure_client_session(session)) == 0 &&
                          gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials_.get()) >= 0 &&
                          gnutls_alpn_set_protocols(session, &alpn, 1, GNUTLS_ALPN_MANDATORY) >= 0;
  if (!configured) {
    gnutls_deinit(session);
    return;
  }
  take_packet_keys(session);
  gnutls_session_set_ptr(session, static_cast<ngtcp2_crypto_conn_ref*>(&reference_));
  if (is_relay) {
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
  } else {
    gnutls_session_set_verify_function(session, verify_relay);
    if (!parse_ip(server_name_))
      gnutls_server_name_set(session, GNUTLS_NAME_DNS, server_name_.data(), server_name_.size());
  }
  session_ = session;
}

TlsSession::~TlsSession() {
  if (session_) gnutls_deinit(session_);
}

int TlsSession::verify_relay(gnutls_session_t session) {
  auto* found = static_cast<ngtcp2_crypto_conn_ref*>(gnutls_session_get_ptr(session));
  TlsSession& self = *static_cast<Reference*>(found)->session;
  self.problem_ = problem_with_relay(session, self.trust_, self.server_name_);
  return self.problem_ ? GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR : 0;
}

bool TlsSession::has_our_protocol() const {
  gnutls_datum_t selected{};
  if (gnutls_alpn_get_selected_protocol(session_, &selected) < 0) return false;
  return std::string_view(reinterpret_cast<const char*>(selected.data), selected.size) == kAlpn;
}

std::optional<link::ChannelBinding> TlsSession::channel_binding() const {
  constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
  link::ChannelBinding binding;
  const int rv = gnutls_prf_rfc5705(session_, kLabel.size(), kLabel.data(), 0, nullptr, binding.size(),
                                    reinterpret_cast<char*>(binding.data()));
  return rv == GNUTLS_E_SUCCESS ? std::optional(binding) : std::nullopt;
}

std::optional<link::Fingerprint> TlsSession::peer_identity() const {
  const PeerCertificate peer(session_);
  return peer.readable() ? peer.fingerprint() : std::nullopt;
}

}  // namespace softlan::quic
