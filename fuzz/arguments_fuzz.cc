// What people type: addresses, ports, MACs, room codes and names. What is accepted is written back and read again as
// the same.
//
// Input: the text.

#include "base/address.h"
#include "base/text.h"
#include "ctrl/validate.h"
#include "fuzz/target.h"
#include "proto/mac.h"
#include "runtime/listen_address.h"

namespace softlan::fuzz {
namespace {

void check_addresses(std::string_view text) {
  if (const auto ip = parse_ip(text)) SOFTLAN_CHECK(parse_ip(to_string(*ip)) == ip);
  if (const auto mac = proto::parse_mac(text)) SOFTLAN_CHECK(proto::parse_mac(proto::to_string(*mac)) == mac);
  for (const SocketAddress& address : runtime::parse_listen_address(text)) {
    const auto again = runtime::parse_listen_address(to_string(address));
    SOFTLAN_CHECK(again.size() == 1 && again[0] == address && address.port != 0);
  }
}

void check_host_port(std::string_view text) {
  const auto parsed = parse_host_port(text);
  if (!parsed) return;
  SOFTLAN_CHECK(parsed->port != 0 && !parsed->host.empty() && printable(parsed->host, 253) == parsed->host);
  const bool v6 = parsed->host.find(':') != std::string::npos;
  const std::string port = std::to_string(parsed->port);
  const auto again = parse_host_port(v6 ? "[" + parsed->host + "]:" + port : parsed->host + ":" + port);
  SOFTLAN_CHECK(again && again->host == parsed->host && again->port == parsed->port);
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

void check_text(const std::string& text) {
  const std::string shown = printable(text, 40);
  SOFTLAN_CHECK(is_utf8(shown) && characters_in(shown) <= 40 && printable(shown, 40) == shown);
  if (!is_utf8(text)) SOFTLAN_CHECK(printable(text, text.size()) != text);
  const std::string name = ctrl::clean_name(text);
  SOFTLAN_CHECK(is_utf8(name) && characters_in(name) <= ctrl::kMaxNameCharacters && ctrl::clean_name(name) == name);
  if (!ctrl::is_room_code(text)) return;
  const std::string room = ctrl::canonical_room(text);
  SOFTLAN_CHECK(ctrl::is_room_code(room) && ctrl::canonical_room(room) == room && printable(room) == room);
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = softlan::fuzz::text_of({data, size});
  softlan::fuzz::check_addresses(text);
  softlan::fuzz::check_host_port(text);
  softlan::fuzz::check_text(text);
  return 0;
}
