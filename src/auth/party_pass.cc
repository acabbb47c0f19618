#include "auth/party_pass.h"

#include <algorithm>
#include <charconv>

#include "auth/pass.h"
#include "base/base64.h"
#include "base/text.h"

namespace softlan::auth {

namespace {

constexpr std::string_view kScheme = "lanparty://";
constexpr std::size_t kMaxRoomBytes = 64;
constexpr std::size_t kMaxQuoted = 80;  // characters of a wrong part, in what is said about it

bool is_letter_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool begins_with_scheme(std::string_view text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return text.size() >= kScheme.size() && std::ranges::equal(text.substr(0, kScheme.size()), kScheme, {}, lower);
}

// Cuts `text` short before `separator` and returns what stood behind it, if there was one.
std::optional<std::string_view> cut_off(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {};
  const std::string_view behind = text.substr(at + 1);
  text = text.substr(0, at);
  return behind;
}

std::optional<HostPort> parse_relay(std::string_view authority) {
  const bool has_port = authority.starts_with('[') ? !authority.ends_with(']') : authority.contains(':');
  return parse_host_port(has_port ? std::string(authority) : fmt::format("{}:{}", authority, kDefaultRelayPort));
}

bool is_room(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRoomBytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '/'; });
}

std::optional<std::array<std::uint8_t, 32>> parse_pin(std::string_view text) {
  const auto bytes = parse_base64url(text);
  std::array<std::uint8_t, 32> pin;
  if (!bytes || bytes->size() != pin.size()) return {};
  std::ranges::copy(*bytes, pin.begin());
  return pin;
}

Result<std::optional<std::array<std::uint8_t, 32>>> pin_in(std::string_view query) {
  std::optional<std::array<std::uint8_t, 32>> pin;
  for (std::optional<std::string_view> rest = query; rest;) {
    std::string_view item = *rest;
    rest = cut_off(item, '&');
    const auto value = cut_off(item, '=');
    if (item != "pin") continue;
    if (pin) return fail("This party pass has two pins: ask for a new one.");
    pin = parse_pin(value.value_or(""));
    if (!pin) return fail("The pin in this party pass is damaged: copy the whole link once more.");
  }
  return pin;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (error != std::errc{} || end - digits.data() != 2) return {};
    plain += static_cast<char>(byte);
    i += 2;
  }
  return plain;
}

// All but the unreserved characters of RFC 3986, section 2.3: the others end a link in one chat program or another.
std::string percent_encode(std::string_view plain) {
  std::string text;
  for (const char c : plain) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
    }
  }
  return text;
}

Result<std::string> parse_pass(std::string_view fragment) {
  if (fragment.empty()) return std::string();
  const auto plain = percent_decode(fragment);
  if (!plain)
    return fail("The pass at the end of this party pass is damaged after a \"%\": copy the whole link once more.");
  return check_pass(*plain);
}

std::string to_string(const HostPort& relay) {
  const std::string host = relay.host.contains(':') ? fmt::format("[{}]", relay.host) : relay.host;
  return relay.port == kDefaultRelayPort ? host : fmt::format("{}:{}", host, relay.port);
}

}  // namespace

Result<PartyPass> parse_party_pass(std::string_view text) {
  text = trim(text);
  if (text.size() > kMaxPartyPassBytes)
    return fail("This party pass is too long: {} characters are the most.", kMaxPartyPassBytes);
  if (printable(text, text.size()) != text)
    return fail("This party pass has control characters or broken text in it: copy the link once more.");
  if (!begins_with_scheme(text)) return fail("This is no party pass: one looks like {}RELAY/ROOM#PASS.", kScheme);

  text.remove_prefix(kScheme.size());
  const std::string_view fragment = cut_off(text, '#').value_or("");
  const std::string_view query = cut_off(text, '?').value_or("");
  const std::string_view room = cut_off(text, '/').value_or("");
  auto relay = parse_relay(text);
  if (!relay) return fail("\"{}\" in this party pass is not the address of a relay.", printable(text, kMaxQuoted));
  if (room.empty()) return fail("This party pass names no room: one looks like {}RELAY/ROOM#PASS.", kScheme);
  if (!is_room(room)) return fail("\"{}\" in this party pass is not a room.", printable(room, kMaxQuoted));
  const auto pin = pin_in(query);
  if (!pin) return std::unexpected(pin.error());
  auto pass = parse_pass(fragment);
  if (!pass) return std::unexpected(pass.error());
  return PartyPass{std::move(*relay), std::string(room), *pin, std::move(*pass)};
}

std::string to_string(const PartyPass& party) {
  std::string text = fmt::format("{}{}/{}", kScheme, to_string(party.relay), party.room);
  if (party.pin) text += "?pin=" + to_base64url(*party.pin);
  if (!party.pass.empty()) text += "#" + percent_encode(party.pass);
  return text;
}

}  // namespace softlan::auth
