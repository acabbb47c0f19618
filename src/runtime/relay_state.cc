#include "runtime/relay_state.h"

#include <algorithm>
#include <utility>

#include "platform/files.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMaxFileSize = 64 * 1024;

Result<void> load_certificate(RelayState& state, const std::string& directory, std::span<const std::string> dns_names,
                              std::int64_t unix_time) {
  const std::string certificate_path = directory + "/relay-certificate.pem";
  const std::string key_path = directory + "/relay-key.pem";
  if (platform::file_exists(certificate_path) && platform::file_exists(key_path)) {
    auto certificate = platform::read_file(certificate_path, kMaxFileSize);
    if (!certificate) return std::unexpected(certificate.error());
    auto key = platform::read_file(key_path, kMaxFileSize);
    if (!key) return std::unexpected(key.error());
    if (quic::certificate_covers(*certificate, dns_names, unix_time)) {
      state.certificate = {std::move(*certificate), std::move(*key)};
      return {};
    }
  }
  auto made = quic::generate_relay_certificate(dns_names, unix_time);
  if (!made) return std::unexpected(made.error());
  state.certificate = std::move(*made);
  state.new_certificate = true;
  if (auto written = platform::write_private_file(key_path, state.certificate.key_pem); !written) return written;
  return platform::write_public_file(certificate_path, state.certificate.certificate_pem);
}

// Random bytes, made when first needed.
Result<void> load_secret(std::span<std::uint8_t> secret, const std::string& path, Random& random) {
  if (platform::file_exists(path)) {
    const auto kept = platform::read_file(path, kMaxFileSize);
    if (!kept) return std::unexpected(kept.error());
    if (kept->size() == secret.size()) {
      std::ranges::copy(*kept, secret.begin());
      return {};
    }
  }
  random.fill(secret);
  return platform::write_private_file(path, {reinterpret_cast<const char*>(secret.data()), secret.size()});
}

}  // namespace

Result<RelayState> load_or_create_relay_state(const std::string& directory, std::span<const std::string> dns_names,
                                              std::int64_t unix_time, Random& random,
                                              std::optional<quic::KeyedCertificate> given) {
  RelayState state;
  if (given) {
    state.certificate = std::move(*given);
  } else if (auto loaded = load_certificate(state, directory, dns_names, unix_time); !loaded) {
    return std::unexpected(loaded.error());
  }
  for (const auto& [secret, name] : {std::pair{std::span(state.reset_key), "/stateless-reset-key"},
                                     std::pair{std::span(state.door_secret), "/door-secret"}}) {
    if (auto loaded = load_secret(secret, directory + name, random); !loaded) return std::unexpected(loaded.error());
  }
  return state;
}

}  // namespace softlan::runtime
