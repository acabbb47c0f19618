// Rules for the fields of control messages; the relay and the programs' flags use the same ones.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ctrl/messages.h"

namespace softlan::ctrl {

inline constexpr std::size_t kMaxNameCharacters = 32;

// A room code: ^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$, and letters count without case.
[[nodiscard]] bool is_room_code(std::string_view text);
// The one spelling of a room code: upper case.
[[nodiscard]] std::string canonical_room(std::string_view room);
inline constexpr std::string_view kRoomCodeRule =
    "1 to 32 letters, digits, '-' or '_', beginning with a letter or digit";

// A display name as it is shown: control characters gone, blanks trimmed, 32 characters at most.
[[nodiscard]] std::string clean_name(std::string_view name);

[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);
[[nodiscard]] std::string_view to_string(RejectCode code);
[[nodiscard]] std::optional<RejectCode> parse_reject_code(std::string_view text);

// As whom a member proves a pass (RFC 5801, section 4): "client/02:5e:10:00:00:0a".
[[nodiscard]] std::string authorization_identity(Role role, const proto::Mac& mac);

// The reject a hello earns by itself (version, room, MAC), or empty.
[[nodiscard]] std::optional<Reject> check_hello(const Hello& hello);

}  // namespace softlan::ctrl
