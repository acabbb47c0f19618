#include "ctrl/codec.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/text.h"
#include "ctrl/fields.h"
#include "ctrl/json_reader.h"
#include "ctrl/json_writer.h"

namespace softlan::ctrl {
namespace {

using nlohmann::json;
using Decoded = std::expected<Message, DecodeError>;

constexpr int kMaxDepth = 8;

// Brackets outside strings are all it takes, so this can be known before anything is built.
bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '{' || c == '[')) {
      if (++depth > kMaxDepth) return true;
    } else if (!in_string && (c == '}' || c == ']')) {
      --depth;
    }
  }
  return false;
}

template <typename M>
Decoded read_message(const json& object) {
  M message;
  JsonReader reader(object);
  walk_fields(reader, message);
  if (reader.fault()) return std::unexpected(DecodeError{fmt::format("{}: {}", kTypeName<M>, *reader.fault())});
  return message;
}

// Reads the message as the one of `Ms` whose name is `type`.
template <typename... Ms>
Decoded read_as_one_of(std::string_view type, const json& object) {
  Decoded decoded = Unknown{printable(type, kMaxTokenCharacters)};
  (void)((type == kTypeName<Ms> && (decoded = read_message<Ms>(object), true)) || ...);
  return decoded;
}

json write_message(const Message& message) {
  return std::visit(
      []<typename M>(M copy) {
        json object = json::object();
        if constexpr (std::is_same_v<M, Unknown>) {
          object["type"] = printable(copy.type, kMaxTokenCharacters);
        } else {
          object["type"] = kTypeName<M>;
          JsonWriter writer(object);
          walk_fields(writer, copy);
        }
        return object;
      },
      message);
}

}  // namespace

std::vector<std::uint8_t> encode(const Message& message) {
  const std::string text = write_message(message).dump(-1, ' ', false, json::error_handler_t::replace);
  SOFTLAN_CHECK(text.size() <= kMaxMessageSize);
  std::vector<std::uint8_t> bytes(4);
  store_be32(bytes.data(), static_cast<std::uint32_t>(text.size()));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

std::expected<Message, DecodeError> decode(std::string_view text) {
  if (text.size() > kMaxMessageSize) return std::unexpected(DecodeError{"message is over 65536 bytes"});
  if (nests_too_deep(text)) return std::unexpected(DecodeError{"message is nested too deeply"});
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::unexpected(DecodeError{"message is not a JSON object"});
  const auto field = object.find("type");
  const auto* type = field == object.end() ? nullptr : field->get_ptr<const json::string_t*>();
  if (type == nullptr) return std::unexpected(DecodeError{"message has no \"type\""});
  return read_as_one_of<Hello, Challenge, Proof, Welcome, Reject, PeerJoined, PeerLeft, Stats, Budget, Disconnect>(
      *type, object);
}

}  // namespace softlan::ctrl
