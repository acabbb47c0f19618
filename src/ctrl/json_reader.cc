#include "ctrl/json_reader.h"

#include <fmt/format.h>

#include "base/text.h"

namespace softlan::ctrl {

void JsonReader::peer(const char* key, PeerId& value, Presence presence) {
  const std::uint64_t min = presence == Presence::required ? 1 : 0;
  if (const auto number = read_integer(key, min, 65535, presence)) value = PeerId{static_cast<std::uint16_t>(*number)};
}

void JsonReader::text(const char* key, std::string& value, std::size_t max_characters, Presence presence) {
  if (const std::string* text = read_text(key, presence)) value = printable(*text, max_characters);
}

void JsonReader::name(const char* key, std::string& value) {
  if (const std::string* text = read_text(key, Presence::optional)) value = clean_name(*text);
}

void JsonReader::flag(const char* key, bool& value) {
  const nlohmann::json* field = find(key, Presence::optional);
  if (field == nullptr) return;
  if (const bool* read = field->get_ptr<const bool*>())
    value = *read;
  else
    refuse(key, "true or false");
}

void JsonReader::texts(const char* key, std::vector<std::string>& values, std::size_t max_values,
                       std::size_t max_characters) {
  const nlohmann::json* field = find(key, Presence::optional);
  if (field == nullptr) return;
  if (!field->is_array() || field->size() > max_values) {
    return refuse(key, fmt::format("a list of at most {} texts", max_values));
  }
  values.clear();
  for (const nlohmann::json& item : *field) {
    const std::string* text = item.get_ptr<const std::string*>();
    if (text == nullptr) return refuse(key, fmt::format("a list of at most {} texts", max_values));
    values.push_back(printable(*text, max_characters));
  }
}

void JsonReader::counts(const char* key, std::vector<std::pair<std::string, std::uint64_t>>& values,
                        std::size_t max_values, std::size_t max_characters) {
  const nlohmann::json* field = find(key, Presence::optional);
  if (field == nullptr) return;
  if (!field->is_object() || field->size() > max_values) {
    return refuse(key, fmt::format("an object of at most {} counts", max_values));
  }
  values.clear();
  for (const auto& [name, count] : field->items()) {
    const auto* number = count.get_ptr<const std::uint64_t*>();
    if (number == nullptr) return refuse(key, fmt::format("an object of at most {} counts", max_values));
    values.emplace_back(printable(name, max_characters), *number);
  }
}

const nlohmann::json* JsonReader::find(const char* key, Presence presence) {
  if (fault_) return nullptr;
  const auto field = object_.find(key);
  if (field != object_.end()) return &*field;
  if (presence == Presence::required) fault_ = fmt::format("field \"{}\" is missing", key);
  return nullptr;
}

const std::string* JsonReader::read_text(const char* key, Presence presence) {
  const nlohmann::json* field = find(key, presence);
  if (field == nullptr) return nullptr;
  const auto* text = field->get_ptr<const std::string*>();
  if (text == nullptr) refuse(key, "text");
  return text;
}

std::optional<std::uint64_t> JsonReader::read_integer(const char* key, std::uint64_t min, std::uint64_t max,
                                                      Presence presence) {
  const nlohmann::json* field = find(key, presence);
  if (field == nullptr) return std::nullopt;
  const auto* number = field->get_ptr<const std::uint64_t*>();
  if (number != nullptr && *number >= min && *number <= max) return *number;
  refuse(key, fmt::format("an integer from {} to {}", min, max));
  return std::nullopt;
}

void JsonReader::refuse(const char* key, std::string_view wanted) {
  if (!fault_) fault_ = fmt::format("field \"{}\" is not {}", key, wanted);
}

}  // namespace softlan::ctrl
