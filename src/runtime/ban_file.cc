#include "runtime/ban_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "platform/files.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMaxFileSize = 1024 * 1024;
// So far ahead that counting in nanoseconds ends: for ever, as far as a relay is concerned.
constexpr std::int64_t kFarAway = std::int64_t{100} * 365 * 24 * 60 * 60;

std::string text_of(const nlohmann::json& json, const char* name) {
  return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "";
}

std::optional<relay::Ban> ban_of(const nlohmann::json& json, const Moment& moment) {
  if (!json.is_object()) return std::nullopt;
  relay::Ban ban{.identity = {}, .source = {}, .name = printable(text_of(json, "name")), .room = {}};
  ban.room = printable(text_of(json, "room"));
  const auto identity = parse_base64(text_of(json, "identity"));
  if (!identity || identity->size() != ban.identity.bytes.size()) return std::nullopt;
  std::ranges::copy(*identity, ban.identity.bytes.begin());
  if (json.contains("source")) {
    ban.source = parse_ip(text_of(json, "source"));
    if (!ban.source) return std::nullopt;
  }
  if (json.contains("until")) {
    if (!json["until"].is_number_integer()) return std::nullopt;
    const auto until = std::clamp<std::int64_t>(json["until"].get<std::int64_t>(), 0, moment.unix_time + kFarAway);
    ban.expires = moment.now + std::chrono::seconds(until - moment.unix_time);
  }
  return ban;
}

nlohmann::json json_of(const relay::Ban& ban, const Moment& moment) {
  nlohmann::json json = {{"identity", to_base64(ban.identity.bytes)}, {"name", ban.name}, {"room", ban.room}};
  if (ban.source) json["source"] = to_string(*ban.source);
  if (ban.expires != kNever) {
    json["until"] = moment.unix_time + std::chrono::ceil<std::chrono::seconds>(ban.expires - moment.now).count();
  }
  return json;
}

}  // namespace

Result<std::vector<relay::Ban>> load_bans(const std::string& path, const Moment& moment) {
  std::vector<relay::Ban> bans;
  if (!platform::file_exists(path)) return bans;
  const auto text = platform::read_file(path, kMaxFileSize);
  if (!text) return std::unexpected(text.error());
  const nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("bans") || !json["bans"].is_array()) {
    return fail("{} is not a list of bans; move it away or correct it", path);
  }
  for (const nlohmann::json& entry : json["bans"]) {
    const auto ban = ban_of(entry, moment);
    if (!ban) return fail("{} is not a list of bans; move it away or correct it", path);
    if (moment.now < ban->expires) bans.push_back(*ban);
  }
  return bans;
}

Result<void> save_bans(const std::string& path, const Moment& moment, std::span<const relay::Ban> bans) {
  nlohmann::json list = nlohmann::json::array();
  for (const relay::Ban& ban : bans) list.push_back(json_of(ban, moment));
  const nlohmann::json json = {{"bans", std::move(list)}};
  return platform::write_private_file(path, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace softlan::runtime
