#include "runtime/identity.h"

#include <nlohmann/json.hpp>

#include "platform/files.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMaxFileSize = 64 * 1024;

Result<Identity> parse(const std::string& path, const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const auto field = [&](const char* name) {
    const bool there = json.is_object() && json.contains(name) && json[name].is_string();
    return there ? json[name].get<std::string>() : std::string();
  };
  Identity identity;
  identity.certificate = {field("certificate"), field("key")};
  const auto mac = proto::parse_mac(field("mac"));
  if (!mac || !proto::may_own(*mac) || !quic::certificate_fingerprint(identity.certificate.certificate_pem)) {
    return fail("{} is not an identity file; move it away and a new one is made (others will see a new member)", path);
  }
  identity.mac = *mac;
  return identity;
}

Result<Identity> create(const std::string& path, Random& random) {
  auto certificate = quic::generate_identity();
  if (!certificate) return std::unexpected(certificate.error());
  Identity identity{std::move(*certificate), proto::generate_mac(random)};
  const nlohmann::json json = {{"mac", proto::to_string(identity.mac)},
                               {"certificate", identity.certificate.certificate_pem},
                               {"key", identity.certificate.key_pem}};
  if (auto written = platform::write_private_file(path, json.dump(2) + "\n"); !written) {
    return std::unexpected(written.error());
  }
  return identity;
}

}  // namespace

Result<Identity> load_or_create_identity(const std::string& path, Random& random) {
  if (!platform::file_exists(path)) return create(path, random);
  const auto text = platform::read_file(path, kMaxFileSize);
  if (!text) return std::unexpected(text.error());
  return parse(path, *text);
}

}  // namespace softlan::runtime
