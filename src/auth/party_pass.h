// The party pass: one link that is all a player needs.
//
//   lanparty://relay.example.org/ROOM1?pin=zCk...#k7qm-3tfw-9xhd-vb2c
//              relay[:port]      room      pin        pass
//
// It is read leniently, as links come out of chats and mails (blanks around it, characters that should have been
// percent-encoded, unknown parts after "?"), and written with nothing in it but what is safe in them. RFC 3986.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"

namespace softlan::auth {

inline constexpr std::size_t kMaxPartyPassBytes = 1024;
inline constexpr std::uint16_t kDefaultRelayPort = 443;

struct PartyPass {
  HostPort relay;
  std::string room;                                 // 1 to 64 printable ASCII characters; whether it is a room code is
                                                    // for the caller to say
  std::optional<std::array<std::uint8_t, 32>> pin;  // SHA-256 of the relay's SubjectPublicKeyInfo
  std::string pass;                                 // as check_pass() returns it; empty: a room without one
};

// Errors are sentences for the player, and never quote the pass.
[[nodiscard]] Result<PartyPass> parse_party_pass(std::string_view text);
[[nodiscard]] std::string to_string(const PartyPass& party);

}  // namespace softlan::auth
