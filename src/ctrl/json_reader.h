// Reads the fields of one control message out of a parsed JSON object. Never throws; the first thing wrong is kept.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ctrl/fields.h"

namespace softlan::ctrl {

class JsonReader {
 public:
  // Borrows `object`, which must be a JSON object.
  explicit JsonReader(const nlohmann::json& object) : object_(object) {}

  // What was wrong, as a phrase ("field \"mtu\" is missing"), or empty.
  [[nodiscard]] const std::optional<std::string>& fault() const { return fault_; }

  template <typename T>
  void integer(const char* key, T& value, std::uint64_t min, std::uint64_t max,
               Presence presence = Presence::optional) {
    if (const auto number = read_integer(key, min, max, presence)) value = static_cast<T>(*number);
  }

  template <typename T, typename Parse>
  void choice(const char* key, T& value, Parse parse, const char* what, Presence presence) {
    const std::string* text = read_text(key, presence);
    if (text == nullptr) return;
    if (const auto parsed = parse(*text))
      value = *parsed;
    else
      refuse(key, what);
  }

  template <typename T>
  void object(const char* key, T& value) {
    const nlohmann::json* field = find(key, Presence::optional);
    if (field == nullptr) return;
    if (!field->is_object()) return refuse(key, "an object");
    JsonReader inner(*field);
    walk_fields(inner, value);
    if (inner.fault_ && !fault_) fault_ = inner.fault_;
  }

  void peer(const char* key, PeerId& value, Presence presence = Presence::optional);
  void text(const char* key, std::string& value, std::size_t max_characters, Presence presence = Presence::optional);
  void name(const char* key, std::string& value);
  void flag(const char* key, bool& value);
  void texts(const char* key, std::vector<std::string>& values, std::size_t max_values, std::size_t max_characters);
  void counts(const char* key, std::vector<std::pair<std::string, std::uint64_t>>& values, std::size_t max_values,
              std::size_t max_characters);

 private:
  const nlohmann::json* find(const char* key, Presence presence);
  const std::string* read_text(const char* key, Presence presence);
  std::optional<std::uint64_t> read_integer(const char* key, std::uint64_t min, std::uint64_t max, Presence presence);
  void refuse(const char* key, std::string_view wanted);

  const nlohmann::json& object_;
  std::optional<std::string> fault_;
};

}  // namespace softlan::ctrl
