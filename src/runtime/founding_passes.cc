#include "runtime/founding_passes.h"

#include <nlohmann/json.hpp>

#include "auth/pass.h"
#include "auth/verifier.h"
#include "platform/files.h"

namespace softlan::runtime {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxFileSize = 1024 * 1024;

// {"RELAY ROOM": {"client": PASS, "gateway": PASS, "client_verifier": ..., "gateway_verifier": ...}, ...}
Result<json> load(const std::string& path) {
  if (!platform::file_exists(path)) return json::object();
  const auto text = platform::read_file(path, kMaxFileSize);
  if (!text) return std::unexpected(text.error());
  json all = json::parse(*text, nullptr, false);
  if (!all.is_object()) {
    return fail("{} does not hold the passes of rooms; move it away and rooms get new passes (and links)", path);
  }
  return all;
}

std::string text_of(const json& entry, const char* key) {
  const auto field = entry.find(key);
  return field != entry.end() && field->is_string() ? field->get<std::string>() : std::string();
}

std::string key_of(const std::string& relay, const std::string& room) { return relay + " " + room; }

}  // namespace

Result<FoundingPasses> load_founding_passes(const std::string& path, const std::string& relay,
                                            const std::string& room) {
  const auto all = load(path);
  if (!all) return std::unexpected(all.error());
  const auto entry = all->find(key_of(relay, room));
  if (entry == all->end() || !entry->is_object()) return FoundingPasses{};
  FoundingPasses passes{
      .client = text_of(*entry, "client"),
      .gateway = text_of(*entry, "gateway"),
      .found = {.client = text_of(*entry, "client_verifier"), .gateway = text_of(*entry, "gateway_verifier")}};
  const bool usable = auth::check_pass(passes.client) && auth::check_pass(passes.gateway) &&
                      auth::parse_verifier(passes.found.client) && auth::parse_verifier(passes.found.gateway);
  return usable ? passes : FoundingPasses{};
}

Result<FoundingPasses> make_founding_passes(const std::string& path, const std::string& relay, const std::string& room,
                                            Random& random) {
  auto all = load(path);
  if (!all) return std::unexpected(all.error());
  FoundingPasses passes{.client = auth::generate_pass(random), .gateway = auth::generate_pass(random), .found = {}};
  passes.found = {.client = to_string(auth::make_verifier(passes.client, random)),
                  .gateway = to_string(auth::make_verifier(passes.gateway, random))};
  (*all)[key_of(relay, room)] = {{"client", passes.client},
                                 {"gateway", passes.gateway},
                                 {"client_verifier", passes.found.client},
                                 {"gateway_verifier", passes.found.gateway}};
  if (auto written = platform::write_private_file(path, all->dump(2) + "\n"); !written) {
    return std::unexpected(written.error());
  }
  return passes;
}

}  // namespace softlan::runtime
