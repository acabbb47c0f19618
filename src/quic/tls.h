// TLS 1.3 for QUIC: what each side presents, and whom it takes it from.
//
// Both sides speak only ALPN lanparty/1. A relay asks every member for a certificate and takes any self-signed
// Ed25519 one: possession of the key is the identity. A member checks the relay as its Trust says.
#pragma once

#include <ngtcp2/ngtcp2_crypto.h>

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "link/link.h"
#include "quic/certificate.h"
#include "quic/trust.h"

struct gnutls_priority_st;

namespace softlan::quic {

inline constexpr char kAlpn[] = "lanparty/1";

enum class Side : std::uint8_t { relay, member };

// Certificate and trust of one program; shared by all its connections.
class TlsContext {
 public:
  // The relay's own certificate, followed by those of its issuers if there are any.
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> for_relay(const KeyedCertificate& own);
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> for_member(const KeyedCertificate& identity, Trust trust);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // On a relay: handshakes that begin from now on show `own`; every session keeps what it began with. After an error
  // nothing has changed.
  [[nodiscard]] Result<void> replace_certificate(const KeyedCertificate& own);

  [[nodiscard]] Side side() const { return side_; }

 private:
  friend class TlsSession;
  using Credentials = std::shared_ptr<gnutls_certificate_credentials_st>;
  using Priorities = std::shared_ptr<gnutls_priority_st>;
  TlsContext(Side side, Credentials credentials, Trust trust);
  [[nodiscard]] static Result<Credentials> load(const KeyedCertificate& own);

  Side side_;
  Priorities priorities_;  // parsed once, not for every stranger
  Credentials credentials_;
  Trust trust_;
};

// One connection's TLS state. Driven by ngtcp2 through its native handle.
class TlsSession {
 public:
  // `find` gives the crypto library the connection of `owner`. `server_name` is the name a member expects in the
  // relay's certificate.
  TlsSession(const TlsContext& context, ngtcp2_crypto_get_conn find, void* owner, const std::string& server_name);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  [[nodiscard]] bool ready() const { return session_ != nullptr; }
  [[nodiscard]] gnutls_session_int* native() const { return session_; }
  // After the handshake: the right ALPN was agreed on.
  [[nodiscard]] bool has_our_protocol() const;
  // After the handshake: SHA-256 of the peer's SubjectPublicKeyInfo.
  [[nodiscard]] std::optional<link::Fingerprint> peer_identity() const;
  // After the handshake (RFC 9266).
  [[nodiscard]] std::optional<link::ChannelBinding> channel_binding() const;
  // After a failed handshake on a member: what was wrong with the relay's certificate, if that was it.
  [[nodiscard]] const std::optional<link::LinkEnd>& certificate_problem() const { return problem_; }

 private:
  // What GnuTLS carries for us: the crypto library looks for the connection in it, verify_relay for the session.
  struct Reference : ngtcp2_crypto_conn_ref {
    TlsSession* session;
  };
  static int verify_relay(gnutls_session_int* session);

  Reference reference_;
  const Trust& trust_;
  TlsContext::Credentials credentials_;
  gnutls_session_int* session_ = nullptr;
  std::string server_name_;
  std::optional<link::LinkEnd> problem_;
};

}  // namespace softlan::quic
