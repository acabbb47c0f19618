// Seeds of the targets `party_pass` and `scram`.

#include <string_view>

#include "fuzz/seeds.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::test::append;
using proto::test::append_be16;
using proto::test::Frame;

Frame bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// Inputs of scram_fuzz.cc.
Frame change(std::uint8_t message, std::uint16_t at, std::uint8_t removed, std::string_view added) {
  Frame input = {0, message};
  append_be16(input, at);
  input.push_back(removed);
  append(input, bytes_of(added));
  return input;
}
Frame words(std::uint8_t side, std::string_view first, std::string_view final) {
  Frame input = {side, static_cast<std::uint8_t>(first.size())};
  append(input, bytes_of(first));
  append(input, bytes_of(final));
  return input;
}
Frame to_server(std::string_view first, std::string_view final) { return words(1, first, final); }
Frame to_client(std::string_view first, std::string_view final) { return words(2, first, final); }
Frame verifier(std::string_view text) {
  Frame input = {3};
  append(input, bytes_of(text));
  return input;
}

constexpr std::string_view kKey = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

}  // namespace

Seeds party_pass_seeds() {
  Seeds seeds;
  for (const auto& [name, text] : std::initializer_list<std::pair<const char*, std::string_view>>{
           {"whole",
            "lanparty://relay.example.org:4443/ROOM1?pin=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
            "#k7qm-3tfw-9xhd-vb2c"},
           {"shortest", "lanparty://r/R"},
           {"ipv6", "lanparty://[2001:db8::1]/ROOM1#x"},
           {"percent", "lanparty://relay/ROOM1#100%25%20gr%C3%BC%C3%9Fe"},
           {"percent_cut_short", "lanparty://relay/ROOM1#100%"},
           {"percent_zero", "lanparty://relay/ROOM1#%00"},
           {"fragment_with_everything", "lanparty://relay/ROOM1#a#b?c/d&e=f g"},
           {"unknown_query", " LANPARTY://relay/ROOM1?from=chat&pin=&x \n"},
           {"user_in_front", "lanparty://me@relay/ROOM1"},
           {"pass_in_capitals", "K7QM3TFW9XHDVBOI"},
           {"pass_with_wide_blank", "two\u3000words"},
           {"pass_with_escape", "\x1b[31m"},
       }) {
    seeds[name] = bytes_of(text);
  }
  seeds["relay_without_end"] = Frame(300, '<');
  return seeds;
}

Seeds scram_seeds() {
  return {
      {"honest", change(0, 0, 0, "")},
      {"other_role", change(0, 17, 6, "gateway")},
      {"other_binding", change(0, 2, 12, "tls-unique")},
      {"other_iterations", change(1, 0xffff, 255, "i=4097")},
      {"extension_in_the_question", change(1, 104, 0, ",x=1")},
      {"other_proof", change(2, 200, 1, "A")},
      {"extension_in_the_proof", change(2, 120, 0, ",x=1")},
      {"other_signature", change(3, 2, 1, "A")},
      {"refused", change(3, 0, 255, "e=invalid-proof")},
      {"client_first", to_server("p=tls-exporter,a=me,n=a=2Cb=3D,r=abc,x=1", "c=eA==,r=abc,p=")},
      {"client_first_without_binding", to_server("n,,n=ROOM1,r=abc", "")},
      {"client_first_with_mandatory_extension", to_server("p=tls-exporter,,m=1,n=ROOM1,r=abc", "")},
      {"client_first_with_control_character", to_server("p=tls-exporter,a=\x1b,n=ROOM1,r=abc", "")},
      {"server_first", to_client("more,s=AQIDBA==,i=4096,x=1", "v=" + std::string(kKey))},
      {"server_first_without_salt", to_client("more,s=,i=4096", "v=")},
      {"server_first_with_few_iterations", to_client("more,s=AQIDBA==,i=1", "e=unknown-user")},
      {"server_first_with_many_iterations", to_client("more,s=AQIDBA==,i=4294967295", "e=\x1b[31m")},
      {"verifier", verifier("SCRAM-SHA-256$4096:AQIDBA==$" + std::string(kKey) + ":" + std::string(kKey))},
      {"verifier_with_leading_zero", verifier("SCRAM-SHA-256$04096:AQIDBA==$::")},
  };
}

}  // namespace softlan::fuzz
