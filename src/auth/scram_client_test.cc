// What a member makes of strange words.

#include "auth/scram_client.h"

#include <gtest/gtest.h>

#include "auth/test_exchange.h"

namespace softlan::auth {
namespace {

using namespace test;

constexpr std::string_view kNonsense =
    "The relay's words about the pass make no sense: perhaps one of the two programs is too old.";
constexpr std::string_view kSalt = "AQIDBA==";

class AScramClient : public testing::Test, protected Exchange {
 protected:
  std::string nonce() const { return client.first().substr(client.first().rfind("r=") + 2); }
  // A server-first that is right but for what a test changes.
  std::string server_first(std::string_view iterations = "4096", std::string_view salt = kSalt) const {
    return fmt::format("r={}more,s={},i={}", nonce(), salt, iterations);
  }
  // What is said about it; empty when it is answered.
  std::string objection(const std::string& text) {
    ScramClient copy = client;
    const auto answer = copy.on_server_first(text);
    return answer ? "" : answer.error().message;
  }
};

TEST_F(AScramClient, BeginsWithItsBindingItsNameAndItsRoom) {
  EXPECT_EQ(client.first(), "p=tls-exporter,a=client/02:5e:10:00:00:0a,n=ROOM1,r=" + nonce());
  EXPECT_EQ(nonce().size(), 24u);
  EXPECT_NE(client.first(), make_client().first());
}

TEST_F(AScramClient, AnswersAnHonestQuestion) {
  EXPECT_EQ(objection(server_first()), "");
  EXPECT_EQ(objection(server_first() + ",x=1"), "");
}

TEST_F(AScramClient, WantsItsOwnNonceBackWithSomethingAdded) {
  constexpr std::string_view kForeign = "The relay answered a question about the pass that was not ours.";
  EXPECT_EQ(objection(replaced(server_first(), "more", "")), kForeign);
  EXPECT_EQ(objection(replaced(server_first(), "r=", "r=x")), kForeign);
  EXPECT_EQ(objection(replaced(server_first(), "more", "\x7f")), kForeign);
  EXPECT_EQ(objection(replaced(server_first(), "more", std::string(129, 'x'))), kForeign);
}

TEST_F(AScramClient, AgreesToFairIterationsOnly) {
  EXPECT_EQ(objection(server_first("4095")),
            "The relay wants the pass hashed 4095 times; this program agrees to 4096 to 100000.");
  EXPECT_EQ(objection(server_first("100000")), "");
  EXPECT_NE(objection(server_first("100001")), "");
  for (const std::string_view text : {"", "0", "04096", "+4096", "4096x", "4294967296"})
    EXPECT_EQ(objection(server_first(text)), kNonsense) << text;
}

TEST_F(AScramClient, WantsASaltOfOneTo64Bytes) {
  EXPECT_EQ(objection(server_first("4096", std::string(86, 'A') + "==")), "");
  EXPECT_EQ(objection(server_first("4096", std::string(88, 'A'))),
            "The relay's salt for the pass has 66 bytes; 1 to 64 are right.");
  EXPECT_NE(objection(server_first("4096", "")), "");
  EXPECT_EQ(objection(server_first("4096", "AQ")), kNonsense);
}

TEST_F(AScramClient, UnderstandsNoMandatoryExtension) {
  EXPECT_EQ(objection("m=1," + server_first()), kNonsense);
  EXPECT_EQ(objection(server_first() + ",m=1"), kNonsense);
}

TEST_F(AScramClient, ReadsNoEndlessMessage) {
  EXPECT_EQ(objection(server_first() + ",x=" + std::string(1024, 'x')), kNonsense);
  EXPECT_FALSE(client.verify_server_final("e=" + std::string(1024, 'x')));
}

TEST_F(AScramClient, GivesOneProofOnly) {
  ASSERT_TRUE(client.on_server_first(server_first()));
  EXPECT_FALSE(client.on_server_first(server_first("4096", "AQIDBQ==")));
}

TEST_F(AScramClient, BelievesNoRelayBeforeItWasAsked) {
  const std::string any_signature = "v=" + std::string(43, 'A') + "=";
  EXPECT_EQ(client.verify_server_final(any_signature).error().message, kNonsense);
}

TEST_F(AScramClient, TellsWhyTheRelayRefused) {
  const auto told = [this](std::string_view text) { return client.verify_server_final(text).error().message; };
  EXPECT_EQ(told("e=invalid-proof"), "The relay does not accept this pass for room ROOM1.");
  EXPECT_EQ(told("e=unknown-user"), "The relay does not accept this pass for room ROOM1.");
  EXPECT_EQ(told("e=channel-bindings-dont-match"),
            "The relay sees another connection than this one: somebody may be listening in between.");
  EXPECT_EQ(told("e=other\x1b[31m"), "The relay refused the pass for room ROOM1: other?[31m.");
  for (const std::string_view text : {"", "v=", "e=", "v=AAAA", "x=1", "r=1,v=AAAA"}) EXPECT_EQ(told(text), kNonsense);
}

}  // namespace
}  // namespace softlan::auth
