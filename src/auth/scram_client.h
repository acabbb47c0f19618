// A member's side of one SCRAM-SHA-256-PLUS exchange: proves that it knows the pass of a room without saying it, and
// learns whether the relay knows it too. Drawn in scram_server.h.
//
// Errors are sentences for the member's user. No I/O, no clock; on_server_first() may take a tenth of a second when the
// relay's salt is new. SCRAM is no PAKE: a false relay that is talked to may try passes at home, which is why those we
// generate are long (pass.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/scram_keys.h"
#include "auth/scram_text.h"
#include "base/random.h"
#include "base/result.h"

namespace softlan::auth {

class ScramClient {
 public:
  // Borrows `pass`. `room` and `authzid` (may be empty) have no control characters and at most kMaxNameBytes each; the
  // messages stay within kMaxMessageBytes when they have a hundred together.
  ScramClient(std::string_view room, std::string_view authzid, SaltedPass& pass, const ChannelBinding& binding,
              Random& random);

  // The client-first message.
  [[nodiscard]] std::string first() const { return gs2_header_ + bare_; }
  // The client-final message. Answers once, so that nobody collects proofs.
  [[nodiscard]] Result<std::string> on_server_first(std::string_view text);
  // Whether the relay has accepted the proof and has proven that it knows the pass.
  [[nodiscard]] Result<void> verify_server_final(std::string_view text) const;

 private:
  std::string room_;
  SaltedPass& pass_;
  ChannelBinding binding_;
  std::string nonce_;
  std::string gs2_header_;
  std::string bare_;
  std::optional<Key> expected_signature_;  // once the proof is given
};

}  // namespace softlan::auth
