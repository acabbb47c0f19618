#include "ctrl/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace softlan::ctrl {
namespace {

constexpr std::size_t kMaxRoomCharacters = 32;

constexpr std::array<std::pair<Role, std::string_view>, 2> kRoles{{
    {Role::client, "client"},
    {Role::gateway, "gateway"},
}};

constexpr std::array<std::pair<RejectCode, std::string_view>, 11> kRejectCodes{{
    {RejectCode::version, "version"},
    {RejectCode::malformed, "malformed"},
    {RejectCode::bad_room, "bad_room"},
    {RejectCode::room_not_open, "room_not_open"},
    {RejectCode::room_full, "room_full"},
    {RejectCode::relay_full, "relay_full"},
    {RejectCode::gateway_taken, "gateway_taken"},
    {RejectCode::mac_taken, "mac_taken"},
    {RejectCode::bad_mac, "bad_mac"},
    {RejectCode::pass_needed, "pass_needed"},
    {RejectCode::not_allowed, "not_allowed"},
}};

std::string_view name_in(const auto& table, auto value) {
  const auto* entry = std::ranges::find(table, value, [](const auto& e) { return e.first; });
  return entry == table.end() ? std::string_view("unknown") : entry->second;
}

template <typename T, std::size_t N>
std::optional<T> value_in(const std::array<std::pair<T, std::string_view>, N>& table, std::string_view name) {
  const auto* entry = std::ranges::find(table, name, [](const auto& e) { return e.second; });
  return entry == table.end() ? std::nullopt : std::optional(entry->first);
}

// ASCII only, whatever the locale: a room code means the same everywhere.
constexpr bool is_letter_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

bool is_room_code(std::string_view text) {
  if (text.empty() || text.size() > kMaxRoomCharacters || !is_letter_or_digit(text.front())) return false;
  return std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
}

std::string canonical_room(std::string_view room) {
  std::string canonical(room);
  std::ranges::transform(canonical, canonical.begin(), to_upper);
  return canonical;
}

std::string clean_name(std::string_view name) {
  const std::string shown = printable(trim(name), kMaxNameCharacters);
  return std::string(trim(shown));
}

std::string_view to_string(Role role) { return name_in(kRoles, role); }
std::optional<Role> parse_role(std::string_view text) { return value_in(kRoles, text); }
std::string_view to_string(RejectCode code) { return name_in(kRejectCodes, code); }
std::optional<RejectCode> parse_reject_code(std::string_view text) { return value_in(kRejectCodes, text); }

std::string authorization_identity(Role role, const proto::Mac& mac) {
  return fmt::format("{}/{}", to_string(role), proto::to_string(mac));
}

std::optional<Reject> check_hello(const Hello& hello) {
  if (hello.protocol != kProtocolVersion) {
    return Reject{RejectCode::version,
                  fmt::format("This relay speaks protocol version {}, this program version {}: update the older one.",
                              kProtocolVersion, hello.protocol)};
  }
  if (!is_room_code(hello.room)) {
    return Reject{RejectCode::bad_room,
                  fmt::format("\"{}\" is not a room code: use {}.", printable(hello.room, 64), kRoomCodeRule)};
  }
  if (!proto::may_own(hello.mac)) {
    return Reject{RejectCode::bad_mac, fmt::format("{} is not a MAC address a member may use: it must be unicast and "
                                                   "not zero.",
                                                   proto::to_string(hello.mac))};
  }
  return std::nullopt;
}

}  // namespace softlan::ctrl
