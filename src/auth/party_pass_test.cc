#include "auth/party_pass.h"

#include <gtest/gtest.h>

#include "auth/pass.h"

namespace softlan::auth {
namespace {

// 32 bytes 0, 1, 2 ... as base64url.
constexpr std::string_view kPinText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

std::array<std::uint8_t, 32> pin() {
  std::array<std::uint8_t, 32> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

std::string error_of(std::string_view text) {
  const auto party = parse_party_pass(text);
  return party ? "" : party.error().message;
}
// What is read and written again.
std::string rewritten(std::string_view text) {
  const auto party = parse_party_pass(text);
  return party ? to_string(*party) : party.error().message;
}

TEST(APartyPass, NamesRelayRoomPinAndPass) {
  const std::string text =
      "lanparty://relay.example.org:4443/ROOM1?pin=" + std::string(kPinText) + "#k7qm-3tfw-9xhd-vb2c";
  const auto party = parse_party_pass(text);
  ASSERT_TRUE(party) << party.error().message;
  EXPECT_EQ(party->relay.host, "relay.example.org");
  EXPECT_EQ(party->relay.port, 4443);
  EXPECT_EQ(party->room, "ROOM1");
  EXPECT_EQ(party->pin, pin());
  EXPECT_EQ(party->pass, "k7qm-3tfw-9xhd-vb2c");
  EXPECT_EQ(to_string(*party), text);
}

TEST(APartyPass, NeedsNeitherPortNorPinNorPass) {
  const auto party = parse_party_pass("lanparty://relay.example.org/ROOM1");
  ASSERT_TRUE(party);
  EXPECT_EQ(party->relay.port, 443);
  EXPECT_FALSE(party->pin);
  EXPECT_EQ(party->pass, "");
  EXPECT_EQ(rewritten("lanparty://relay.example.org:443/ROOM1?#"), "lanparty://relay.example.org/ROOM1");
}

TEST(APartyPass, MayNameTheRelayByAddress) {
  EXPECT_EQ(rewritten("lanparty://192.0.2.1:4443/R"), "lanparty://192.0.2.1:4443/R");
  EXPECT_EQ(rewritten("lanparty://[2001:db8::1]/R"), "lanparty://[2001:db8::1]/R");
  EXPECT_EQ(rewritten("lanparty://[2001:db8::1]:4443/R"), "lanparty://[2001:db8::1]:4443/R");
}

TEST(APartyPass, IsReadAsItComesOutOfAChat) {
  EXPECT_EQ(rewritten(" \t LANParty://relay/R#x\r\n"), "lanparty://relay/R#x");
  EXPECT_EQ(rewritten("lanparty://relay/R?from=chat&pin&x=1"),
            "The pin in this party pass is damaged: copy the whole link "
            "once more.");
  EXPECT_EQ(rewritten("lanparty://relay/R?from=chat&&pinned=1&Pin=2#x"), "lanparty://relay/R#x");
  EXPECT_EQ(parse_party_pass("lanparty://relay/R#two words").value().pass, "two words");
  EXPECT_EQ(parse_party_pass("lanparty://relay/R#a#b?c/d&e=f").value().pass, "a#b?c/d&e=f");
}

TEST(APartyPass, EncodesWhatIsNotSafeInALink) {
  EXPECT_EQ(parse_party_pass("lanparty://relay/R#100%25%20gr%C3%BC%c3%9fe").value().pass, "100% gr\u00fc\u00dfe");
  EXPECT_EQ(rewritten("lanparty://relay/R#100%25%20gr%C3%BC%c3%9fe"), "lanparty://relay/R#100%25%20gr%C3%BC%C3%9Fe");
  EXPECT_EQ(rewritten("lanparty://relay/R#a.b_c~d-e!(1)"), "lanparty://relay/R#a.b_c~d-e%21%281%29");
}

TEST(APartyPass, HasThePassInItsOneSpelling) {
  EXPECT_EQ(rewritten("lanparty://relay/R#K7QM3TFW9XHDVB2C"), "lanparty://relay/R#k7qm-3tfw-9xhd-vb2c");
}

TEST(APartyPass, ComesBackAsItWasWritten) {
  SeededRandom random(8);
  for (const std::string& pass :
       {generate_pass(random), std::string("#%/?& \u00e9"), std::string(128, '%'), std::string()}) {
    const PartyPass party{{"relay.example.org", 4443}, "ROOM1", pin(), pass};
    const auto again = parse_party_pass(to_string(party));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->relay.host, party.relay.host);
    EXPECT_EQ(again->relay.port, party.relay.port);
    EXPECT_EQ(again->room, party.room);
    EXPECT_EQ(again->pin, party.pin);
    EXPECT_EQ(again->pass, party.pass);
  }
}

TEST(APartyPass, IsALinkOfOurOwnKind) {
  constexpr std::string_view kNone = "This is no party pass: one looks like lanparty://RELAY/ROOM#PASS.";
  for (const std::string_view text : {"", "  ", "ROOM1", "https://relay/R", "lanparty:relay/R", "lanparty:/relay/R"})
    EXPECT_EQ(error_of(text), kNone) << text;
}

TEST(APartyPass, IsBounded) {
  const std::string link = "lanparty://relay/R?x=";
  EXPECT_EQ(error_of(link + std::string(1024 - link.size(), 'x')), "");
  EXPECT_EQ(error_of(link + std::string(1025 - link.size(), 'x')),
            "This party pass is too long: 1024 characters are the most.");
}

TEST(APartyPass, HasNoControlCharacters) {
  constexpr std::string_view kControl =
      "This party pass has control characters or broken text in it: copy the link once more.";
  for (const std::string_view text :
       {std::string_view("lanparty://relay/R#a\0b", 22), std::string_view("lanparty://rel\nay/R"),
        std::string_view("lanparty://relay/R\x1b[31m"), std::string_view("lanparty://relay/R#\xff"),
        std::string_view("lanparty://relay/R#\u202e")}) {
    EXPECT_EQ(error_of(text), kControl);
  }
}

TEST(APartyPass, HasTheAddressOfARelay) {
  for (const std::string_view relay :
       {"", ":443", "relay:", "relay:0", "relay:65536", "me@relay", "::1", "[::1", "[::1]x", "[]", "1.2.3", "a b"}) {
    EXPECT_EQ(error_of(fmt::format("lanparty://{}/R", relay)),
              fmt::format("\"{}\" in this party pass is not the address of a relay.", relay));
  }
}

TEST(APartyPass, IsNotQuotedWithoutEnd) {
  EXPECT_EQ(error_of("lanparty://" + std::string(300, '<')),
            "\"" + std::string(80, '<') + "\" in this party pass is not the address of a relay.");
}

TEST(APartyPass, HasARoom) {
  constexpr std::string_view kNoRoom = "This party pass names no room: one looks like lanparty://RELAY/ROOM#PASS.";
  for (const std::string_view text :
       {"lanparty://relay", "lanparty://relay/", "lanparty://relay#x", "lanparty://relay/?x"})
    EXPECT_EQ(error_of(text), kNoRoom) << text;
  for (const std::string& room :
       {std::string("a/b"), std::string("R/"), std::string("a b"), std::string("\u00e9"), std::string(65, 'R')}) {
    EXPECT_EQ(error_of("lanparty://relay/" + room), "\"" + room + "\" in this party pass is not a room.");
  }
}

TEST(APartyPass, HasAPinOf32BytesOrNone) {
  constexpr std::string_view kDamaged = "The pin in this party pass is damaged: copy the whole link once more.";
  const std::string good(kPinText);
  for (const std::string& pin_text : {std::string(), good.substr(1), good + "A", good + "=", good.substr(0, 42) + "9"})
    EXPECT_EQ(error_of("lanparty://relay/R?pin=" + pin_text), kDamaged) << pin_text;
  EXPECT_EQ(error_of("lanparty://relay/R?pin=" + good + "&pin=" + good),
            "This party pass has two pins: ask for a new one.");
}

TEST(APartyPass, HasAPassThatMakesSense) {
  for (const std::string_view pass : {"%", "100%", "%2", "%zz", "% 1", "%-1"}) {
    EXPECT_EQ(error_of(fmt::format("lanparty://relay/R#{}", pass)),
              "The pass at the end of this party pass is damaged after a \"%\": copy the whole link once more.");
  }
  EXPECT_EQ(error_of("lanparty://relay/R#a%00"), check_pass(std::string_view("a\0", 2)).error().message);
  EXPECT_EQ(error_of("lanparty://relay/R#%ff"), "This pass is not UTF-8 text.");
}

}  // namespace
}  // namespace softlan::auth
