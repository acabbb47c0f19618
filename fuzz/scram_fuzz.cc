// Two sides that know the same pass, and somebody in between: whatever is changed on the way, nobody is let in and no
// relay is believed. Words made up from nothing do not get further.
//
// Input: 0: message (1), position (2), bytes to remove (1), bytes to put there (the rest), done to an honest exchange
//        1: a client-first, behind its length (1), and a client-final
//        2: a server-first, behind its length (1), and a server-final
//        3: a verifier as text

#include <optional>

#include "auth/scram_client.h"
#include "auth/scram_server.h"
#include "base/text.h"
#include "fuzz/target.h"

namespace softlan::fuzz {
namespace {

constexpr std::string_view kPass = "k7qm-3tfw-9xhd-vb2c";
constexpr auth::ChannelBinding kBinding = {1};

const auth::Verifier& verifier() {
  static const auth::Verifier made = [] {
    SeededRandom random(1);
    return auth::make_verifier(kPass, random);
  }();
  return made;
}

// Already salted as the verifier is.
auth::SaltedPass salted_pass() {
  static const auth::SaltedPass made = [] {
    auth::SaltedPass pass{std::string(kPass)};
    (void)pass.with(verifier().salt, verifier().iterations);
    return pass;
  }();
  return made;
}

class Change {
 public:
  explicit Change(Input& input)
      : message_(input.u8() % 4), at_(input.u16()), removed_(input.u8()), added_(text_of(input.rest())) {}

  // The number-th message as it arrives.
  std::string carry(int number, std::string text) {
    if (number != message_) return text;
    const std::string sent = text;
    text.replace(at_ % (text.size() + 1), removed_, added_);
    happened_ = text != sent;
    return text;
  }
  [[nodiscard]] bool happened() const { return happened_; }

 private:
  int message_;
  std::size_t at_;
  std::size_t removed_;
  std::string added_;
  bool happened_ = false;
};

// Whether the relay lets the member in and the member believes the relay.
bool succeeds(Change& change) {
  SeededRandom random(2);
  auth::SaltedPass pass = salted_pass();
  auth::ScramClient client("ROOM1", "client/02:5e:10:00:00:0a", pass, kBinding, random);
  const auto first = auth::parse_client_first(change.carry(0, client.first()));
  if (!first) return false;
  auth::ScramServer server(*first, verifier(), random);
  const auto proof = client.on_server_first(change.carry(1, server.first()));
  if (!proof) return false;
  const auto final = server.on_client_final(change.carry(2, *proof), kBinding);
  if (!final) return false;
  SOFTLAN_CHECK(!change.happened());
  return client.verify_server_final(change.carry(3, *final)).has_value();
}

void check_exchange(Input& input) {
  Change change(input);
  const bool success = succeeds(change);
  // Only an extension, which is to be ignored, may be added to the last message.
  if (!success) SOFTLAN_CHECK(change.happened());
}

void check_server(Input& input) {
  const auto first = auth::parse_client_first(text_of(input.short_string()));
  if (!first) return;
  SOFTLAN_CHECK(!first->room.empty() && first->room.size() <= auth::kMaxNameBytes);
  SOFTLAN_CHECK(first->authzid.size() <= auth::kMaxNameBytes && auth::is_nonce(first->nonce));
  for (const std::string& name : {first->room, first->authzid}) SOFTLAN_CHECK(printable(name, name.size()) == name);
  SeededRandom random(2);
  auth::ScramServer server(*first, verifier(), random);
  SOFTLAN_CHECK(server.first().size() <= auth::kMaxMessageBytes);
  SOFTLAN_CHECK(!server.on_client_final(text_of(input.rest()), kBinding));
}

void check_client(Input& input) {
  SeededRandom random(2);
  auth::SaltedPass pass = salted_pass();
  auth::ScramClient client("ROOM1", "", pass, kBinding, random);
  // A relay begins with the nonce it was told.
  const std::string nonce = client.first().substr(client.first().rfind("r="));
  const auto proof = client.on_server_first(nonce + text_of(input.short_string()));
  if (proof) SOFTLAN_CHECK(proof->size() <= auth::kMaxMessageBytes);
  const auto verdict = client.verify_server_final(text_of(input.rest()));
  SOFTLAN_CHECK(!verdict);
  SOFTLAN_CHECK(printable(verdict.error().message) == verdict.error().message);
}

void check_verifier(Input& input) {
  const std::string text = text_of(input.rest());
  if (const auto parsed = auth::parse_verifier(text)) SOFTLAN_CHECK(auth::to_string(*parsed) == text);
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace softlan::fuzz;
  Input input(data, size);
  switch (input.u8() % 4) {
    case 0:
      check_exchange(input);
      break;
    case 1:
      check_server(input);
      break;
    case 2:
      check_client(input);
      break;
    default:
      check_verifier(input);
  }
  return 0;
}
