// Writes the fields of one control message into a JSON object, under the same limits as JsonReader applies.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "ctrl/fields.h"

namespace softlan::ctrl {

class JsonWriter {
 public:
  explicit JsonWriter(nlohmann::json& object) : object_(object) {}

  template <typename T>
  void integer(const char* key, const T& value, std::uint64_t /*min*/, std::uint64_t /*max*/,
               Presence /*presence*/ = Presence::optional) {
    object_[key] = value;
  }

  template <typename T, typename Parse>
  void choice(const char* key, const T& value, Parse /*parse*/, const char* /*what*/, Presence /*presence*/) {
    object_[key] = to_string(value);
  }

  template <typename T>
  void object(const char* key, T& value) {
    JsonWriter inner(object_[key] = nlohmann::json::object());
    walk_fields(inner, value);
  }

  void peer(const char* key, const PeerId& value, Presence presence = Presence::optional);
  void text(const char* key, const std::string& value, std::size_t max_characters,
            Presence presence = Presence::optional);
  void name(const char* key, const std::string& value);
  void flag(const char* key, const bool& value);
  void texts(const char* key, const std::vector<std::string>& values, std::size_t max_values,
             std::size_t max_characters);
  void counts(const char* key, const std::vector<std::pair<std::string, std::uint64_t>>& values, std::size_t max_values,
              std::size_t max_characters);

 private:
  nlohmann::json& object_;
};

}  // namespace softlan::ctrl
