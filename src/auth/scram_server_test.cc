// What a relay makes of strange words.

#include "auth/scram_server.h"

#include <gtest/gtest.h>

#include "auth/test_exchange.h"
#include "base/base64.h"

namespace softlan::auth {
namespace {

using namespace test;

std::string client_first(std::string_view header = "p=tls-exporter,a=me,", std::string_view bare = "n=ROOM1,r=abc") {
  return fmt::format("{}{}", header, bare);
}

TEST(AClientFirst, IsRead) {
  const auto first = parse_client_first(client_first());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->room, "ROOM1");
  EXPECT_EQ(first->authzid, "me");
  EXPECT_EQ(first->nonce, "abc");
  EXPECT_EQ(first->gs2_header, "p=tls-exporter,a=me,");
  EXPECT_EQ(first->bare, "n=ROOM1,r=abc");
}

TEST(AClientFirst, MayHaveExtensionsThatNeedNotBeUnderstood) {
  EXPECT_TRUE(parse_client_first(client_first("p=tls-exporter,,", "n=ROOM1,r=abc,x=1,Y=a=b")));
  for (const std::string_view bare : {"n=ROOM1,r=abc,m=1", "m=1,n=ROOM1,r=abc", "n=ROOM1,r=abc,", "n=ROOM1,r=abc,x",
                                      "n=ROOM1,r=abc,x=", "n=ROOM1,r=abc,1=x", "n=ROOM1,r=abc,,x=1"}) {
    EXPECT_FALSE(parse_client_first(client_first("p=tls-exporter,,", bare))) << bare;
  }
}

TEST(AClientFirst, IsBoundToTheConnectionInTheOneWayWeKnow) {
  for (const std::string_view header :
       {"n,a=me,", "y,a=me,", "p=tls-unique,a=me,", "p=tls-exporter", "P=tls-exporter,a=me,", ""}) {
    EXPECT_FALSE(parse_client_first(client_first(header))) << header;
  }
}

TEST(AClientFirst, HasItsPartsInOrder) {
  for (const std::string_view bare : {"", "n=ROOM1", "r=abc", "r=abc,n=ROOM1", "n=,r=abc", "n=ROOM1,r=",
                                      "n=ROOM1,r=a b", "n=ROOM1,r=\x7f", "n=ROOM1,n=ROOM1,r=abc", "ROOM1,r=abc"}) {
    EXPECT_FALSE(parse_client_first(client_first("p=tls-exporter,,", bare))) << bare;
  }
  for (const std::string_view header : {"p=tls-exporter,a=,", "p=tls-exporter,b=me,", "p=tls-exporter,me,"})
    EXPECT_FALSE(parse_client_first(client_first(header))) << header;
}

TEST(AClientFirst, HasNamesThatCanBeShown) {
  for (const std::string_view name : {"a\x01", "\x7f", "\xff", "\xc0\xaf", "a=", "a=2", "a=2D", "a=", "\xc2\x9b"}) {
    EXPECT_FALSE(parse_client_first(fmt::format("p=tls-exporter,,n={},r=abc", name))) << name;
    EXPECT_FALSE(parse_client_first(fmt::format("p=tls-exporter,a={},n=ROOM1,r=abc", name))) << name;
  }
  EXPECT_FALSE(parse_client_first(client_first("p=tls-exporter,,", std::string_view("n=a\0b,r=abc", 11))));
  EXPECT_EQ(parse_client_first(client_first("p=tls-exporter,,", "n=a=2Cb=3d,r=abc"))->room, "a,b=");
}

TEST(AClientFirst, IsBounded) {
  const std::string long_name(256, 'a');
  const std::string long_nonce(129, 'a');
  EXPECT_TRUE(parse_client_first(fmt::format("p=tls-exporter,,n={},r=abc", long_name.substr(1))));
  EXPECT_FALSE(parse_client_first(fmt::format("p=tls-exporter,,n={},r=abc", long_name)));
  EXPECT_TRUE(parse_client_first(fmt::format("p=tls-exporter,,n=ROOM1,r={}", long_nonce.substr(1))));
  EXPECT_FALSE(parse_client_first(fmt::format("p=tls-exporter,,n=ROOM1,r={}", long_nonce)));
  EXPECT_FALSE(parse_client_first(client_first() + ",x=" + std::string(1024, 'x')));
}

class AScramServer : public testing::Test, protected Exchange {
 protected:
  // Whether the relay accepts what `alter` makes of an honest client-final.
  bool accepts(auto alter) {
    ScramServer server = make_server(client.first());
    const std::string honest = make_final(server);
    return server.on_client_final(alter(honest), binding(1)).has_value();
  }
  std::string make_final(const ScramServer& server) {
    // A client answers once, so each question gets a copy of it.
    return ScramClient(client).on_server_first(server.first()).value();
  }
};

TEST_F(AScramServer, AsksWithTheVerifiersSaltAndANonceOfItsOwn) {
  const ScramServer one = make_server(client_first());
  const ScramServer other = make_server(client_first());
  EXPECT_TRUE(one.first().starts_with("r=abc"));
  EXPECT_TRUE(one.first().ends_with(",s=" + to_base64(verifier.salt) + ",i=4096"));
  EXPECT_NE(one.first(), other.first());
}

TEST_F(AScramServer, AcceptsTheHonestAnswerOnly) {
  EXPECT_TRUE(accepts([](const std::string& text) { return text; }));
  EXPECT_FALSE(accepts([](const std::string& text) { return replaced(text, ",r=", ",r=x"); }));
  EXPECT_FALSE(accepts([](const std::string& text) { return replaced(text, ",p=", "x,p="); }));
  EXPECT_FALSE(accepts([](const std::string& text) { return replaced(text, ",p=", ",x=1,p="); }));
  EXPECT_FALSE(accepts([](const std::string& text) { return replaced(text, ",p=", ",m=1,p="); }));
  EXPECT_FALSE(accepts([](const std::string& text) { return replaced(text, "c=", "c=eA=="); }));
  EXPECT_FALSE(accepts([](const std::string& text) { return text + ",x=1"; }));
  EXPECT_FALSE(accepts([](const std::string& text) { return text.substr(0, text.find(",p=")); }));
  EXPECT_FALSE(accepts([](const std::string& text) { return text.substr(0, text.find(",p=")) + ",p="; }));
  EXPECT_FALSE(accepts([](const std::string& text) { return text.substr(text.find(",p=")); }));
  EXPECT_FALSE(accepts([](const std::string&) { return ""; }));
  EXPECT_FALSE(accepts([](const std::string& text) { return std::string(1024, ' ') + text; }));
}

}  // namespace
}  // namespace softlan::auth
