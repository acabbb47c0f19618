// Certificates of a simulated party, made once and used in every run: Ed25519 for all, so that handshakes have the
// same size every time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "quic/tls.h"

namespace softlan::sim {

class Credentials {
 public:
  static constexpr char kServerName[] = "lanparty-relay.local";

  // For at most `members` members. Aborts when GnuTLS cannot.
  explicit Credentials(std::size_t members);

  [[nodiscard]] const quic::TlsContext& relay() const { return *relay_; }
  // Trusts the relay.
  [[nodiscard]] const quic::TlsContext& member(std::size_t index) const { return *members_.at(index); }
  [[nodiscard]] std::size_t members() const { return members_.size(); }

 private:
  std::unique_ptr<quic::TlsContext> relay_;
  std::vector<std::unique_ptr<quic::TlsContext>> members_;
};

}  // namespace softlan::sim
