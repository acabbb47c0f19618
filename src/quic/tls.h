// TLS 1.3 for QUIC: what each side presents, whom it trusts, and what is said when trust fails.
//
// Both sides speak only ALPN lanparty/1. A relay asks every member for a certificate and takes any self-signed
// Ed25519 one: possession of the key is the identity. A member checks the relay's chain and name against its trust.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "link/link.h"
#include "quic/certificate.h"

struct gnutls_certificate_credentials_st;
struct gnutls_session_int;

namespace softlan::quic {

inline constexpr char kAlpn[] = "lanparty/1";

enum class Side : std::uint8_t { relay, member };

// Certificate and trust of one program; shared by all its connections, immutable.
class TlsContext {
 public:
  // The relay's own certificate chain.
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> for_relay(const KeyedCertificate& own);
  // A member's identity, and the certificates it trusts (DER or PEM; a relay's own certificate or an issuer's).
  // Empty `trusted` means the system's trust store.
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> for_member(const KeyedCertificate& identity, Bytes trusted);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] Side side() const { return side_; }

 private:
  friend class TlsSession;
  TlsContext(Side side, gnutls_certificate_credentials_st* credentials) : side_(side), credentials_(credentials) {}

  Side side_;
  gnutls_certificate_credentials_st* credentials_;
};

// One connection's TLS state. Driven by ngtcp2 through its native handle.
class TlsSession {
 public:
  // `connection_reference` is the ngtcp2_crypto_conn_ref the crypto library finds the connection by. `server_name`
  // is the name a member expects in the relay's certificate.
  TlsSession(const TlsContext& context, void* connection_reference, const std::string& server_name);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  [[nodiscard]] bool ready() const { return session_ != nullptr; }
  [[nodiscard]] gnutls_session_int* native() const { return session_; }
  // After the handshake: the right ALPN was agreed on.
  [[nodiscard]] bool has_our_protocol() const;
  // After the handshake: SHA-256 of the peer's SubjectPublicKeyInfo.
  [[nodiscard]] std::optional<link::Fingerprint> peer_identity() const;
  // After a failed handshake on a member: what was wrong with the relay's certificate, if that was it.
  [[nodiscard]] std::optional<link::LinkEnd> certificate_problem() const;

 private:
  gnutls_session_int* session_ = nullptr;
  std::string server_name_;
};

}  // namespace softlan::quic
