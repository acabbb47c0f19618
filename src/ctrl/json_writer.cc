#include "ctrl/json_writer.h"

#include <ranges>

#include "base/text.h"

namespace softlan::ctrl {

void JsonWriter::peer(const char* key, const PeerId& value, Presence /*presence*/) { object_[key] = to_number(value); }

void JsonWriter::text(const char* key, const std::string& value, std::size_t max_characters, Presence /*presence*/) {
  object_[key] = printable(value, max_characters);
}

void JsonWriter::name(const char* key, const std::string& value) { object_[key] = clean_name(value); }

void JsonWriter::flag(const char* key, const bool& value) { object_[key] = value; }

void JsonWriter::texts(const char* key, const std::vector<std::string>& values, std::size_t max_values,
                       std::size_t max_characters) {
  nlohmann::json& list = object_[key] = nlohmann::json::array();
  for (const std::string& value : values | std::views::take(max_values)) {
    list.push_back(printable(value, max_characters));
  }
}

void JsonWriter::counts(const char* key, const std::vector<std::pair<std::string, std::uint64_t>>& values,
                        std::size_t max_values, std::size_t max_characters) {
  nlohmann::json& object = object_[key] = nlohmann::json::object();
  for (const auto& [name, count] : values | std::views::take(max_values)) {
    object[printable(name, max_characters)] = count;
  }
}

}  // namespace softlan::ctrl
