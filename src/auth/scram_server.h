// The relay's side of one SCRAM-SHA-256-PLUS exchange: does this member know the pass of the room it names?
//
//   member: client-first ──> parse_client_first()     which room, and who asks
//   member: <── first()                               with the verifier of that room, or a fake one
//   member: client-final ──> on_client_final()        proven, or not; nothing says why not
//   member: <── the server-final it returned          proves that the relay knows the verifier
//
// Only the channel binding `tls-exporter` is spoken, so a proof is worth something on its own connection only.
// Under 4 KB for an exchange; no I/O, no clock. RFC 5802, RFC 7677, RFC 9266.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/scram_text.h"
#include "auth/verifier.h"
#include "base/random.h"

namespace softlan::auth {

struct ClientFirst {
  std::string room;     // the user name, as written by the member
  std::string authzid;  // whom the member wants to act as; empty when it does not say
  std::string nonce;
  std::string gs2_header;  // these two as they stood in the message
  std::string bare;
};

// Nothing when the message is malformed, asks for another channel binding or for an extension that must be understood.
[[nodiscard]] std::optional<ClientFirst> parse_client_first(std::string_view text);

class ScramServer {
 public:
  // For a room with several valid passes: their verifiers, one at least, all with the salt and iterations of the first;
  // any other is ignored.
  ScramServer(ClientFirst client, std::span<const Verifier> verifiers, Random& random);
  ScramServer(ClientFirst client, const Verifier& verifier, Random& random)
      : ScramServer(std::move(client), std::span(&verifier, 1), random) {}

  // The server-first message.
  [[nodiscard]] const std::string& first() const { return first_; }
  // The server-final message when the member has proven that it knows the pass and sits at the other end of this very
  // connection. Counts once: whatever comes after the first call fails.
  [[nodiscard]] std::optional<std::string> on_client_final(std::string_view text, const ChannelBinding& binding);

 private:
  ClientFirst client_;
  std::string nonce_;  // both sides' together
  std::string first_;
  std::vector<Verifier> verifiers_;
  bool asked_ = false;
};

}  // namespace softlan::auth
