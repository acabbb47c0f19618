// A party pass or a pass as somebody pasted it. What is accepted is fit for a terminal, and written back and read again
// as the same.
//
// Input: the text.

#include "auth/party_pass.h"
#include "auth/pass.h"
#include "base/text.h"
#include "fuzz/target.h"

namespace softlan::fuzz {
namespace {

bool can_be_shown(const std::string& text) { return printable(text, text.size()) == text; }

void check_pass(std::string_view text) {
  const auto pass = auth::check_pass(text);
  if (!pass) {
    SOFTLAN_CHECK(can_be_shown(pass.error().message));
    return;
  }
  SOFTLAN_CHECK(!pass->empty() && pass->size() <= auth::kMaxPassBytes && can_be_shown(*pass));
  SOFTLAN_CHECK(auth::check_pass(*pass) == *pass);
}

void check_link(std::string_view text) {
  const auto party = auth::parse_party_pass(text);
  if (!party) {
    SOFTLAN_CHECK(can_be_shown(party.error().message) && party.error().message.size() < 200);
    return;
  }
  SOFTLAN_CHECK(party->relay.port != 0 && !party->relay.host.empty() && !party->room.empty());
  const std::string link = auth::to_string(*party);
  SOFTLAN_CHECK(link.size() <= auth::kMaxPartyPassBytes && can_be_shown(link));
  const auto again = auth::parse_party_pass(link);
  SOFTLAN_CHECK(again && again->relay.host == party->relay.host && again->relay.port == party->relay.port);
  SOFTLAN_CHECK(again->room == party->room && again->pin == party->pin && again->pass == party->pass);
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = softlan::fuzz::text_of({data, size});
  softlan::fuzz::check_pass(text);
  softlan::fuzz::check_link(text);
  softlan::fuzz::check_link("lanparty://" + text);
  return 0;
}
