// What hostile peers say: control messages and datagrams, right and wrong, as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ctrl/codec.h"
#include "hostile/raw_peer.h"
#include "proto/overlay.h"
#include "proto/test_frames.h"

namespace softlan::hostile {

using Bytestring = std::vector<std::uint8_t>;

// A control message with its length prefix, whatever it says.
inline Bytestring control(std::string_view json) {
  Bytestring bytes(4);
  store_be32(bytes.data(), static_cast<std::uint32_t>(json.size()));
  bytes.insert(bytes.end(), json.begin(), json.end());
  return bytes;
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// The client with the MAC 02:00:00:00:00:<number>.
inline ctrl::Hello hello(std::uint8_t number, ctrl::Role role = ctrl::Role::client) {
  return {.role = role,
          .room = "ROOM1",
          .mac = proto::test::test_mac(number),
          .name = "player" + std::to_string(number),
          .software = "test",
          .capabilities = {},
          .budget = 1168};
}

// Everything a peer has heard that can be read, in order.
inline std::vector<ctrl::Message> messages(const RawPeer& peer) {
  std::vector<ctrl::Message> all;
  ctrl::Framer framer;
  framer.append(peer.heard());
  for (auto json = framer.next(); json && *json; json = framer.next()) {
    if (auto message = ctrl::decode(**json)) all.push_back(*std::move(message));
  }
  return all;
}
template <typename T>
std::vector<T> all(const RawPeer& peer) {
  std::vector<T> found;
  for (const ctrl::Message& message : messages(peer)) {
    if (const T* one = std::get_if<T>(&message)) found.push_back(*one);
  }
  return found;
}

inline Bytestring frame_datagram(Bytes frame, PeerId sender = kRelayPeer) {
  Bytestring bytes;
  proto::test::append(bytes, proto::encode_header({proto::OverlayKind::frame, 0, sender}));
  proto::test::append(bytes, frame);
  return bytes;
}
inline Bytestring fragment_datagram(const proto::FragmentHeader& header, Bytes part, PeerId sender = kRelayPeer) {
  Bytestring bytes;
  proto::test::append(bytes, proto::encode_fragment(sender, header));
  proto::test::append(bytes, part);
  return bytes;
}
inline Bytestring echo_datagram(const proto::Echo& echo, PeerId sender = kRelayPeer) {
  Bytestring bytes;
  proto::test::append(bytes, proto::encode_echo(sender, echo));
  return bytes;
}

// Datagrams no reader may take, one of every kind.
inline std::vector<Bytestring> unreadable_datagrams() {
  Bytestring other_version = frame_datagram(proto::test::pattern(60));
  other_version[0] = 0x20;
  Bytestring unknown_kind = frame_datagram(proto::test::pattern(60));
  unknown_kind[0] = 0x1f;
  Bytestring long_echo = echo_datagram({.target = kRelayPeer, .cookie = 1, .reply = false});
  long_echo.push_back(0);
  Bytestring short_echo = echo_datagram({.target = kRelayPeer, .cookie = 1, .reply = false});
  short_echo.pop_back();
  return {{},
          {0x10},
          {0x10, 0, 0},
          {0x10, 0, 0, 0},
          frame_datagram(proto::test::pattern(13)),
          {0x11, 0, 0, 0, 0, 1, 0, 0, 0},
          fragment_datagram({.frame_id = 1, .offset = 0, .total = 600}, {}),
          fragment_datagram({.frame_id = 1, .offset = 590, .total = 600}, proto::test::pattern(11)),
          fragment_datagram({.frame_id = 1, .offset = 0, .total = 13}, proto::test::pattern(13)),
          fragment_datagram({.frame_id = 1, .offset = 0, .total = 65535}, proto::test::pattern(100)),
          std::move(other_version),
          std::move(unknown_kind),
          std::move(long_echo),
          std::move(short_echo)};
}

}  // namespace softlan::hostile
