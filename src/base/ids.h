// Identifiers that travel on the wire, as types of their own.
#pragma once

#include <cstdint>

namespace softlan {

// A seat in one room: 1 to 65535, unique while the member is seated. 0 is the relay itself.
enum class PeerId : std::uint16_t {};

inline constexpr PeerId kRelayPeer{0};

[[nodiscard]] constexpr std::uint16_t to_number(PeerId id) { return static_cast<std::uint16_t>(id); }

}  // namespace softlan
