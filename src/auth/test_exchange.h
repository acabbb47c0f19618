// Both sides of a SCRAM exchange for tests, and the parts they are made of.
#pragma once

#include <string>
#include <string_view>

#include "auth/scram_client.h"
#include "auth/scram_server.h"

namespace softlan::auth::test {

inline constexpr std::string_view kPass = "k7qm-3tfw-9xhd-vb2c";
inline constexpr std::string_view kRoom = "ROOM1";
inline constexpr std::string_view kAuthzid = "client/02:5e:10:00:00:0a";

inline ChannelBinding binding(std::uint8_t number) {
  ChannelBinding bytes;
  bytes.fill(number);
  return bytes;
}

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  return text.replace(text.find(what), what.size(), with);
}

// A member and the relay it is connected to. The relay knows the verifier of kPass unless told another.
struct Exchange {
  SeededRandom random{5};
  SaltedPass pass{std::string(kPass)};
  Verifier verifier = make_verifier(kPass, random);
  ScramClient client = make_client();

  ScramClient make_client() { return {kRoom, kAuthzid, pass, binding(1), random}; }
  ScramServer make_server(std::string_view client_first) {
    return {parse_client_first(client_first).value(), verifier, random};
  }
};

}  // namespace softlan::auth::test
