// Control messages <-> bytes: a 4-byte big-endian length, then that many bytes of JSON (RFC 8259), 64 KiB at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ctrl/messages.h"

namespace softlan::ctrl {

inline constexpr std::size_t kMaxMessageSize = 65536;

// What was wrong with a message, as a short phrase ("hello: field \"mac\" is not a MAC address").
struct DecodeError {
  std::string message;
};

// The message with its length prefix. Texts and lists are cut to the limits decode() applies, so it always fits.
[[nodiscard]] std::vector<std::uint8_t> encode(const Message& message);
// One JSON text without prefix, kMaxMessageSize bytes at most. Depth is bounded, unknown fields are ignored, an unknown
// "type" yields Unknown; text fields lose control characters and are cut to their limits. Fields that decide (mac,
// peer, mtu, ...) must be right.
[[nodiscard]] std::expected<Message, DecodeError> decode(std::string_view json);

// Cuts the stream into messages. Bounded: holds one message at most.
class Framer {
 public:
  // Appends stream bytes. Call next() until it is empty before the next append().
  void append(Bytes bytes);
  // A whole message's JSON (valid until the next call of either function), or empty when more bytes are needed.
  // An error (length over kMaxMessageSize or zero) is final: close the link.
  [[nodiscard]] std::expected<std::optional<std::string_view>, DecodeError> next();

 private:
  std::vector<std::uint8_t> buffer_;
  std::size_t consumed_ = 0;  // bytes at the front of buffer_ that earlier messages used
  bool broken_ = false;
};

}  // namespace softlan::ctrl
