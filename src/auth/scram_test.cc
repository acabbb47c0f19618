// Whole exchanges between our two sides.

#include <gtest/gtest.h>

#include "auth/test_exchange.h"

namespace softlan::auth {
namespace {

using namespace test;

class Scram : public testing::Test, protected Exchange {
 protected:
  // What the relay, on its own connection or another, says to this member in the end.
  std::optional<std::string> server_final(const ChannelBinding& relays = binding(1)) {
    ScramServer server = make_server(client.first());
    return server.on_client_final(client.on_server_first(server.first()).value(), relays);
  }
};

TEST_F(Scram, LetsAMemberWithThePassInAndShowsItTheRelay) {
  const auto final = server_final();
  ASSERT_TRUE(final);
  EXPECT_TRUE(client.verify_server_final(*final));
}

TEST_F(Scram, TellsTheRelayTheRoomAndWhoAsks) {
  const auto first = parse_client_first(client.first());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->room, kRoom);
  EXPECT_EQ(first->authzid, kAuthzid);
}

TEST_F(Scram, CarriesAnyName) {
  ScramClient odd("a=b,c", "=2C,\u00e9", pass, binding(1), random);
  const auto first = parse_client_first(odd.first());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->room, "a=b,c");
  EXPECT_EQ(first->authzid, "=2C,\u00e9");
  EXPECT_EQ(parse_client_first(ScramClient(kRoom, "", pass, binding(1), random).first())->authzid, "");
}

TEST_F(Scram, KeepsAWrongPassOut) {
  pass = SaltedPass("guess");
  EXPECT_FALSE(server_final());
}

TEST(Verifiers, OfOneRoomMayBeValidSideBySide) {
  SeededRandom random(5);
  const Verifier old_one = make_verifier("old", random);
  const Verifier other_salt = make_verifier("other", random);
  const std::vector<Verifier> verifiers{old_one, make_verifier("new", old_one.salt), other_salt};
  for (const auto& [pass, let_in] : {std::pair("old", true), std::pair("new", true), std::pair("other", false)}) {
    SaltedPass salted{pass};
    ScramClient client("ROOM1", "", salted, binding(1), random);
    ScramServer server(*parse_client_first(client.first()), verifiers, random);
    const auto final = server.on_client_final(*client.on_server_first(server.first()), binding(1));
    EXPECT_EQ(final.has_value(), let_in) << pass;
    EXPECT_EQ(client.verify_server_final(final.value_or("e=other-error")).has_value(), let_in) << pass;
  }
}

TEST_F(Scram, KeepsEveryPassOutOfARoomThatDoesNotExist) {
  verifier = fake_verifier(Key{1}, kRoom);
  EXPECT_FALSE(server_final());
}

TEST_F(Scram, KeepsAManInTheMiddleOut) { EXPECT_FALSE(server_final(binding(2))); }

TEST_F(Scram, FindsOutARelayThatDoesNotKnowTheVerifier) {
  const auto real = server_final();
  ScramClient next = make_client();
  ScramServer false_relay = make_server(next.first());
  ASSERT_TRUE(next.on_server_first(false_relay.first()));
  EXPECT_EQ(next.verify_server_final(*real).error().message,
            "The relay could not prove that it knows the pass of room ROOM1: it may not be the relay you were invited "
            "to.");
}

TEST_F(Scram, IsOverAfterOneProof) {
  ScramServer server = make_server(client.first());
  const std::string final = client.on_server_first(server.first()).value();
  EXPECT_TRUE(server.on_client_final(final, binding(1)));
  EXPECT_FALSE(server.on_client_final(final, binding(1)));
}

TEST_F(Scram, GivesNoSecondChanceAfterAFailure) {
  ScramServer server = make_server(client.first());
  const std::string final = client.on_server_first(server.first()).value();
  EXPECT_FALSE(server.on_client_final(final, binding(2)));
  EXPECT_FALSE(server.on_client_final(final, binding(1)));
}

TEST_F(Scram, AcceptsNoProofOfAnEarlierExchange) {
  ScramServer earlier = make_server(client.first());
  const std::string final = client.on_server_first(earlier.first()).value();
  ScramServer later = make_server(client.first());
  EXPECT_FALSE(later.on_client_final(final, binding(1)));
}

TEST_F(Scram, AcceptsNoProofOfAnEarlierExchangeUnderALaterNonce) {
  const auto nonce = [](const ScramServer& server) { return server.first().substr(0, server.first().find(',')); };
  ScramServer earlier = make_server(client.first());
  ScramServer later = make_server(client.first());
  const std::string final = client.on_server_first(earlier.first()).value();
  EXPECT_FALSE(later.on_client_final(replaced(final, nonce(earlier), nonce(later)), binding(1)));
}

TEST_F(Scram, NoticesThatSomebodyChangedWhoAsks) {
  const std::string altered = replaced(client.first(), "client/", "gateway/");
  ScramServer server = make_server(altered);
  EXPECT_FALSE(server.on_client_final(client.on_server_first(server.first()).value(), binding(1)));
}

TEST_F(Scram, NoticesThatSomebodyChangedTheRoom) {
  ScramServer server = make_server(replaced(client.first(), "n=ROOM1", "n=ROOM2"));
  EXPECT_FALSE(server.on_client_final(client.on_server_first(server.first()).value(), binding(1)));
}

TEST_F(Scram, NoticesThatSomebodyAddedAnExtension) {
  ScramServer server = make_server(client.first());
  EXPECT_FALSE(server.on_client_final(client.on_server_first(server.first() + ",x=1").value(), binding(1)));
}

TEST_F(Scram, BringsAMemberBackWithTheSamePass) {
  ASSERT_TRUE(server_final());
  ScramClient again = make_client();
  ScramServer server = make_server(again.first());
  const auto final = server.on_client_final(again.on_server_first(server.first()).value(), binding(1));
  ASSERT_TRUE(final);
  EXPECT_TRUE(again.verify_server_final(*final));
}

}  // namespace
}  // namespace softlan::auth
