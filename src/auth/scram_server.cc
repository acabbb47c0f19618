#include "auth/scram_server.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/base64.h"

namespace softlan::auth {

std::optional<ClientFirst> parse_client_first(std::string_view text) {
  if (text.size() > kMaxMessageBytes || !text.starts_with(kBindingFlag)) return {};
  const std::size_t header_end = text.find(',', kBindingFlag.size());
  if (header_end == std::string_view::npos) return {};
  const std::string_view authzid_part = text.substr(kBindingFlag.size(), header_end - kBindingFlag.size());
  const std::string_view bare = text.substr(header_end + 1);

  std::optional<std::string> authzid = std::string();
  if (!authzid_part.empty()) authzid = parse_saslname(Attributes(authzid_part).take('a').value_or(""));
  Attributes attributes(bare);
  auto room = parse_saslname(attributes.take('n').value_or(""));
  const std::string_view nonce = attributes.take('r').value_or("");
  if (!authzid || !room || !is_nonce(nonce) || !attributes.only_extensions_left()) return {};

  return ClientFirst{.room = std::move(*room),
                     .authzid = std::move(*authzid),
                     .nonce = std::string(nonce),
                     .gs2_header = std::string(text.substr(0, header_end + 1)),
                     .bare = std::string(bare)};
}

ScramServer::ScramServer(ClientFirst client, std::span<const Verifier> verifiers, Random& random)
    : client_(std::move(client)),
      nonce_(client_.nonce + make_nonce(random)),
      first_(fmt::format("r={},s={},i={}", nonce_, to_base64(verifiers.front().salt), verifiers.front().iterations)) {
  std::ranges::copy_if(verifiers, std::back_inserter(verifiers_), [&](const Verifier& verifier) {
    return verifier.salt == verifiers.front().salt && verifier.iterations == verifiers.front().iterations;
  });
}

std::optional<std::string> ScramServer::on_client_final(std::string_view text, const ChannelBinding& binding) {
  const std::size_t proof_at = text.rfind(",p=");
  if (std::exchange(asked_, true) || text.size() > kMaxMessageBytes || proof_at == std::string_view::npos) return {};
  const std::string_view without_proof = text.substr(0, proof_at);
  const auto proof = parse_key(text.substr(proof_at + 3));

  Attributes attributes(without_proof);
  const auto bound_to = attributes.take('c');
  const auto nonce = attributes.take('r');
  if (bound_to != binding_value(client_.gs2_header, binding) || nonce != nonce_ || !attributes.only_extensions_left() ||
      !proof) {
    return {};
  }
  const std::string auth_message = fmt::format("{},{},{}", client_.bare, first_, without_proof);
  for (const Verifier& verifier : verifiers_) {
    if (proves(verifier.stored_key, auth_message, *proof)) {
      return "v=" + to_base64(server_signature(verifier.server_key, auth_message));
    }
  }
  return {};
}

}  // namespace softlan::auth
