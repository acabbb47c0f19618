// The fields of every control message, listed once. Reading and writing walk the same list, so they cannot disagree.
//
// `io` is a JsonReader or a JsonWriter. A field marked `required` must be there; any other keeps its default. Ranges
// and limits are those of docs/PROTOCOL.md, "Control messages".
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "ctrl/messages.h"
#include "ctrl/validate.h"
#include "proto/budget.h"

namespace softlan::ctrl {

enum class Presence : std::uint8_t { optional, required };

inline constexpr std::size_t kMaxTokenCharacters = 64;      // room as typed, software, capability, drop reason
inline constexpr std::size_t kMaxSentenceCharacters = 200;  // reasons and messages for people
inline constexpr std::size_t kMaxCapabilities = 32;
inline constexpr std::size_t kMaxScramCharacters = 1024;  // one message of a proof
inline constexpr std::size_t kMaxVerifierCharacters = 256;
inline constexpr std::size_t kMaxDropReasons = 128;
inline constexpr std::uint32_t kMaxEchoes = 1000;
inline constexpr std::uint32_t kMaxDatagramBytes = 65535;
inline constexpr std::uint32_t kMaxKeepAliveMs = 20000;  // below the idle timeout of 30 s

template <typename Message>
inline constexpr std::string_view kTypeName;
template <>
inline constexpr std::string_view kTypeName<Hello> = "hello";
template <>
inline constexpr std::string_view kTypeName<Challenge> = "challenge";
template <>
inline constexpr std::string_view kTypeName<Proof> = "proof";
template <>
inline constexpr std::string_view kTypeName<Welcome> = "welcome";
template <>
inline constexpr std::string_view kTypeName<Reject> = "reject";
template <>
inline constexpr std::string_view kTypeName<PeerJoined> = "peer_joined";
template <>
inline constexpr std::string_view kTypeName<PeerLeft> = "peer_left";
template <>
inline constexpr std::string_view kTypeName<Stats> = "stats";
template <>
inline constexpr std::string_view kTypeName<Budget> = "budget";
template <>
inline constexpr std::string_view kTypeName<Disconnect> = "disconnect";

// Fields after `protocol` mean what that version says, so of another version nothing more is read. True when it is
// ours.
bool walk_protocol(auto& io, std::uint32_t& protocol) {
  io.integer("protocol", protocol, 0, std::numeric_limits<std::uint32_t>::max(), Presence::required);
  return protocol == kProtocolVersion;
}

void walk_fields(auto& io, Founding& m) {
  io.text("client", m.client, kMaxVerifierCharacters);
  io.text("gateway", m.gateway, kMaxVerifierCharacters);
}

void walk_fields(auto& io, Hello& m) {
  if (!walk_protocol(io, m.protocol)) return;
  io.choice("role", m.role, parse_role, "a role", Presence::required);
  io.text("room", m.room, kMaxTokenCharacters, Presence::required);
  io.choice("mac", m.mac, proto::parse_mac, "a MAC address", Presence::required);
  io.name("name", m.name);
  io.text("software", m.software, kMaxTokenCharacters);
  io.texts("capabilities", m.capabilities, kMaxCapabilities, kMaxTokenCharacters);
  io.integer("budget", m.budget, 0, kMaxDatagramBytes);
  io.peer("previous", m.previous);
  io.text("scram", m.scram, kMaxScramCharacters);
  io.object("found", m.found);
}

void walk_fields(auto& io, Challenge& m) { io.text("scram", m.scram, kMaxScramCharacters, Presence::required); }

void walk_fields(auto& io, Proof& m) { io.text("scram", m.scram, kMaxScramCharacters, Presence::required); }

void walk_fields(auto& io, Limits& m) {
  io.integer("broadcast_per_second", m.broadcast_per_second, 0, std::numeric_limits<std::uint32_t>::max());
  io.integer("unknown_unicast_per_second", m.unknown_unicast_per_second, 0, std::numeric_limits<std::uint32_t>::max());
  io.integer("bytes_per_second", m.bytes_per_second, 0, std::numeric_limits<std::uint64_t>::max());
}

void walk_fields(auto& io, Welcome& m) {
  if (!walk_protocol(io, m.protocol)) return;
  io.peer("peer", m.peer, Presence::required);
  io.integer("mtu", m.mtu, proto::kMinRoomMtu, proto::kMaxRoomMtu, Presence::required);
  io.peer("gateway", m.gateway);
  io.object("limits", m.limits);
  io.integer("keep_alive_ms", m.keep_alive_ms, 0, kMaxKeepAliveMs);
  io.text("software", m.software, kMaxTokenCharacters);
  io.texts("capabilities", m.capabilities, kMaxCapabilities, kMaxTokenCharacters);
  io.text("scram", m.scram, kMaxScramCharacters);
}

// A later version may know more codes: what is new to us is a refusal all the same.
inline std::optional<RejectCode> parse_any_reject_code(std::string_view text) {
  return parse_reject_code(text).value_or(RejectCode::not_allowed);
}

void walk_fields(auto& io, Reject& m) {
  io.choice("code", m.code, parse_any_reject_code, "a reject code", Presence::required);
  io.text("message", m.message, kMaxSentenceCharacters);
  io.flag("retry", m.retry);
}

inline std::optional<proto::Mac> parse_owned_mac(std::string_view text) {
  const auto mac = proto::parse_mac(text);
  return mac && proto::may_own(*mac) ? mac : std::nullopt;
}

void walk_fields(auto& io, PeerJoined& m) {
  io.peer("peer", m.peer, Presence::required);
  io.choice("role", m.role, parse_role, "a role", Presence::required);
  io.choice("mac", m.mac, parse_owned_mac, "a MAC address a member may use", Presence::required);
  io.name("name", m.name);
}

void walk_fields(auto& io, PeerLeft& m) {
  io.peer("peer", m.peer, Presence::required);
  io.text("reason", m.reason, kMaxSentenceCharacters);
}

void walk_fields(auto& io, Echoes& m) {
  io.integer("due", m.due, 0, kMaxEchoes);
  io.integer("lost", m.lost, 0, m.due);
}

void walk_fields(auto& io, Stats& m) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  io.integer("frames_sent", m.frames_sent, 0, kMax);
  io.integer("frames_received", m.frames_received, 0, kMax);
  io.integer("bytes_sent", m.bytes_sent, 0, kMax);
  io.integer("bytes_received", m.bytes_received, 0, kMax);
  io.integer("datagrams_sent", m.datagrams_sent, 0, kMax);
  io.integer("datagrams_received", m.datagrams_received, 0, kMax);
  io.counts("drops", m.drops, kMaxDropReasons, kMaxTokenCharacters);
  io.integer("rtt_us", m.rtt_us, 0, std::numeric_limits<std::uint32_t>::max());
  io.integer("gateway_rtt_us", m.gateway_rtt_us, 0, std::numeric_limits<std::uint32_t>::max());
  io.object("echoes", m.echoes);
  io.object("gateway_echoes", m.gateway_echoes);
  io.integer("queue_us", m.queue_us, 0, std::numeric_limits<std::uint32_t>::max());
  io.integer("seats", m.seats, 0, std::numeric_limits<std::uint32_t>::max());
}

void walk_fields(auto& io, Budget& m) { io.integer("bytes", m.bytes, 0, kMaxDatagramBytes, Presence::required); }

void walk_fields(auto& io, Disconnect& m) { io.text("reason", m.reason, kMaxSentenceCharacters); }

}  // namespace softlan::ctrl
