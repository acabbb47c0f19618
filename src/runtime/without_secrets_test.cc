#include "runtime/without_secrets.h"

#include <gmock/gmock.h>

#include <vector>

namespace softlan::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string cleaned(std::string text, std::vector<std::string> secrets = {}) {
  return without_secrets(std::move(text), secrets);
}

TEST(WithoutSecrets, LeavesAHarmlessTextAsItIs) {
  const std::string text =
      "2026-05-01T12:00:00.123Z info  member joined room=PARTY1 peer=3 mac=02:5e:10:00:00:0a from=192.168.1.7:5120\n"
      "card: lanparty0 (#12), MTU 1500\nrelay.example.org:443; flags: --name Ada --uplink-limit 9mbit\n";
  EXPECT_EQ(cleaned(text), text);
}

TEST(WithoutSecrets, RemovesEveryOccurrenceOfEachSecret) {
  EXPECT_EQ(cleaned("pass=swordfish swordfish2 and swordfish", {"swordfish", "swordfish2"}),
            "pass=[removed] [removed] and [removed]");
  EXPECT_EQ(cleaned("a word", {"", "a"}), "a word");
}

TEST(WithoutSecrets, RemovesLinksAndPassesNobodyNamed) {
  EXPECT_EQ(cleaned("joined by lanparty://relay.example.org/ROOM1?pin=x#y today"),
            "joined by lanparty://[removed] today");
  EXPECT_EQ(cleaned("the pass k7qm-3tfw-9xhd-vb2c is"), "the pass [removed] is");
  EXPECT_EQ(cleaned("K7QM-3TFW-9XHD-VB2C"), "[removed]");
}

TEST(WithoutSecrets, RemovesWhatLooksLikeAKey) {
  const std::string pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\nafter";
  EXPECT_EQ(cleaned(pem), "[removed]\nafter");
  EXPECT_EQ(cleaned("-----BEGIN CERTIFICATE-----\nMIIB"), "[removed]");
  EXPECT_EQ(cleaned("pin " + std::string(43, 'q')), "pin [removed]");
  EXPECT_EQ(cleaned("identity " + std::string(64, '0')), "identity [removed]");
  EXPECT_THAT(cleaned("SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$" + std::string(44, 'k')), Not(HasSubstr("kkk")));
}

TEST(WithoutSecrets, MasksPublicAddresses) {
  EXPECT_EQ(cleaned("from=203.0.113.30:5120."), "from=203.0.113.x:5120.");
  EXPECT_EQ(cleaned("[2001:db8:1:2::7]:443 is it"), "[2001:db8:1:x]:443 is it");
  EXPECT_EQ(cleaned("by 203.0.113.30, then 10.0.0.1/24."), "by 203.0.113.x, then 10.0.0.1/24.");
}

TEST(WithoutSecrets, ShowsTheAddressesItMay) {
  const std::vector<std::string> shown{"203.0.113.10"};
  EXPECT_EQ(without_secrets("203.0.113.10:443 203.0.113.11", {}, shown), "203.0.113.10:443 203.0.113.x");
}

TEST(MaskAddress, LeavesThoseOfHomeNetworks) {
  for (const char* address : {"10.77.0.104", "172.16.3.4", "192.168.1.7", "169.254.3.4", "100.64.0.1", "127.0.0.1",
                              "255.255.255.255", "fe80::1", "fd00::7", "::1", "not an address"}) {
    EXPECT_EQ(mask_address(address), address);
  }
  EXPECT_EQ(mask_address("8.8.4.4"), "8.8.4.x");
  EXPECT_EQ(mask_address("2001:db8::1"), "2001:db8:0:x");
}

}  // namespace
}  // namespace softlan::runtime
