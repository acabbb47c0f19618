#include "auth/scram_client.h"

#include "base/base64.h"
#include "base/text.h"

namespace softlan::auth {

namespace {

constexpr std::string_view kNonsense =
    "The relay's words about the pass make no sense: perhaps one of the two programs is too old.";

std::string gs2_header(std::string_view authzid) {
  if (authzid.empty()) return fmt::format("{},", kBindingFlag);
  return fmt::format("{}a={},", kBindingFlag, to_saslname(authzid));
}

struct ServerFirst {
  std::string_view nonce;
  std::vector<std::uint8_t> salt;
  std::uint32_t iterations = 0;
};

std::optional<ServerFirst> parse_server_first(std::string_view text) {
  if (text.size() > kMaxMessageBytes) return {};
  Attributes attributes(text);
  const auto nonce = attributes.take('r');
  auto salt = parse_base64(attributes.take('s').value_or(""));
  const auto iterations = parse_iterations(attributes.take('i').value_or(""));
  if (!nonce || !salt || !iterations || !attributes.only_extensions_left()) return {};
  return ServerFirst{*nonce, std::move(*salt), *iterations};
}

bool extends(std::string_view nonce, std::string_view ours) {
  return nonce.starts_with(ours) && is_nonce(nonce.substr(ours.size()));
}

Error refusal(std::string_view room, std::string_view reason) {
  if (reason == "invalid-proof" || reason == "unknown-user")
    return {fmt::format("The relay does not accept this pass for room {}.", room)};
  if (reason == "channel-bindings-dont-match")
    return {"The relay sees another connection than this one: somebody may be listening in between."};
  return {fmt::format("The relay refused the pass for room {}: {}.", room, printable(reason, 64))};
}

}  // namespace

ScramClient::ScramClient(std::string_view room, std::string_view authzid, SaltedPass& pass,
                         const ChannelBinding& binding, Random& random)
    : room_(room),
      pass_(pass),
      binding_(binding),
      nonce_(make_nonce(random)),
      gs2_header_(gs2_header(authzid)),
      bare_(fmt::format("n={},r={}", to_saslname(room), nonce_)) {}

Result<std::string> ScramClient::on_server_first(std::string_view text) {
  const auto server = parse_server_first(text);
  if (!server || expected_signature_) return fail("{}", kNonsense);
  if (!extends(server->nonce, nonce_)) return fail("The relay answered a question about the pass that was not ours.");
  if (server->salt.empty() || server->salt.size() > kMaxSaltBytes)
    return fail("The relay's salt for the pass has {} bytes; 1 to {} are right.", server->salt.size(), kMaxSaltBytes);
  if (!is_fair(server->iterations)) {
    return fail("The relay wants the pass hashed {} times; this program agrees to {} to {}.", server->iterations,
                kIterations, kMaxIterations);
  }
  const Key& salted = pass_.with(server->salt, server->iterations);
  const std::string without_proof = fmt::format("c={},r={}", binding_value(gs2_header_, binding_), server->nonce);
  const std::string auth_message = fmt::format("{},{},{}", bare_, text, without_proof);
  expected_signature_ = server_signature(server_key(salted), auth_message);
  return fmt::format("{},p={}", without_proof, to_base64(client_proof(salted, auth_message)));
}

Result<void> ScramClient::verify_server_final(std::string_view text) const {
  if (text.size() > kMaxMessageBytes) return fail("{}", kNonsense);
  Attributes attributes(text);
  if (const auto reason = attributes.take('e')) return std::unexpected(refusal(room_, *reason));
  const auto signature = parse_key(attributes.take('v').value_or(""));
  if (!signature || !attributes.only_extensions_left() || !expected_signature_) return fail("{}", kNonsense);
  if (!equal_in_constant_time(*signature, *expected_signature_)) {
    return fail(
        "The relay could not prove that it knows the pass of room {}: it may not be the relay you were invited to.",
        room_);
  }
  return {};
}

}  // namespace softlan::auth
