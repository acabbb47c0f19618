#include "runtime/founded_rooms.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "ctrl/validate.h"
#include "platform/files.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMaxFileSize = 8 * 1024 * 1024;

std::string text_of(const nlohmann::json& json, const char* name) {
  return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "";
}

std::optional<relay::FoundedRoom> room_of(const nlohmann::json& json) {
  relay::FoundedRoom room{.code = text_of(json, "code"), .founder = {}, .client = {}, .gateway = {}};
  const auto founder = parse_base64(text_of(json, "founder"));
  const auto client = auth::parse_verifier(text_of(json, "client"));
  const auto gateway = auth::parse_verifier(text_of(json, "gateway"));
  if (!ctrl::is_room_code(room.code) || ctrl::canonical_room(room.code) != room.code || !client || !gateway ||
      !founder || founder->size() != room.founder.bytes.size()) {
    return std::nullopt;
  }
  std::ranges::copy(*founder, room.founder.bytes.begin());
  room.client = *client;
  room.gateway = *gateway;
  return room;
}

nlohmann::json json_of(const relay::FoundedRoom& room, std::int64_t last_used) {
  return {{"code", room.code},
          {"founder", to_base64(room.founder.bytes)},
          {"client", auth::to_string(room.client)},
          {"gateway", auth::to_string(room.gateway)},
          {"last_used", last_used}};
}

}  // namespace

std::vector<relay::FoundedRoom> FoundedRooms::load() {
  if (!platform::file_exists(path_)) return {};
  if (const auto text = platform::read_file(path_, kMaxFileSize); !text)
    set_aside(text.error().message);
  else if (!parse(*text))
    set_aside("it is not a list of founded rooms");
  std::vector<relay::FoundedRoom> rooms;
  for (const auto& [code, kept] : rooms_) rooms.push_back(kept.room);
  return rooms;
}

bool FoundedRooms::parse(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("rooms") || !json["rooms"].is_array()) return false;
  decltype(rooms_) rooms;
  for (const nlohmann::json& entry : json["rooms"]) {
    const auto room = room_of(entry);
    if (!room || !entry.contains("last_used") || !entry["last_used"].is_number_integer()) return false;
    const auto last_used = entry["last_used"].get<std::int64_t>();
    if (last_used > unix_time_() - kForgotten) rooms.insert_or_assign(room->code, Kept{*room, last_used});
  }
  rooms_ = std::move(rooms);
  return true;
}

void FoundedRooms::set_aside(std::string_view reason) {
  const std::string aside = path_ + ".broken";
  std::error_code error;
  std::filesystem::rename(path_, aside, error);
  log_.warn("founded rooms are forgotten: their file cannot be read",
            {{"file", path_}, {"reason", reason}, {"set_aside", error ? error.message() : aside}});
}

void FoundedRooms::keep(const relay::FoundedRoom& room) {
  const std::int64_t today = unix_time_();
  const auto known = rooms_.find(room.code);
  if (known != rooms_.end() && known->second.room == room && today - known->second.last_used < kUseNoted) return;
  rooms_.insert_or_assign(room.code, Kept{room, today});
  changed_ = true;
}

void FoundedRooms::on_deadline(TimePoint now) {
  if (next_deadline() > now) return;
  write();
  write_at_ = now + kWriteInterval;
}

// When it cannot be written it is tried again with the next change.
void FoundedRooms::write() {
  if (!std::exchange(changed_, false)) return;
  nlohmann::json rooms = nlohmann::json::array();
  for (const auto& [code, kept] : rooms_) rooms.push_back(json_of(kept.room, kept.last_used));
  const auto written = platform::write_private_file(path_, nlohmann::json{{"rooms", std::move(rooms)}}.dump(1) + "\n");
  if (!written) log_.error("founded rooms were not written", {{"reason", written.error().message}});
}

}  // namespace softlan::runtime
