// How a session proves its pass, and what it makes of relays that do not.
#include <gmock/gmock.h>

#include "auth/scram_server.h"
#include "ctrl/validate.h"
#include "session/test_session.h"

namespace softlan::session {
namespace {

using obs::Condition;
using namespace test;

constexpr char kPass[] = "k7qm-3tfw-9xhd-vb2c";

Config with_pass() {
  Config config = config_of(ctrl::Role::client);
  config.pass = kPass;
  return config;
}

class SessionWithAPass : public SessionTest {
 protected:
  SessionWithAPass() : SessionTest(with_pass()) {
    session_.start(story_.now);
    link_ = &story_.connect();
  }

  [[nodiscard]] auth::ScramServer relay_that_knows(const std::string& pass) {
    SeededRandom random(3);
    return {auth::parse_client_first(link_->all<ctrl::Hello>().at(0).scram).value(), auth::make_verifier(pass, random),
            random};
  }

  FakeLink* link_ = nullptr;
};

TEST_F(SessionWithAPass, NamesItsRoomAndItselfInTheHello) {
  const auto first = auth::parse_client_first(link_->all<ctrl::Hello>().at(0).scram);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->room, "ROOM1");
  EXPECT_EQ(first->authzid, ctrl::authorization_identity(ctrl::Role::client, test_mac(1)));
}

TEST_F(SessionWithAPass, SitsDownWhenBothHaveProvenThePass) {
  auth::ScramServer relay = relay_that_knows(kPass);
  story_.say(ctrl::Challenge{relay.first()});
  ctrl::Welcome words = welcome();
  words.scram = relay.on_client_final(link_->all<ctrl::Proof>().at(0).scram, link_->binding).value();
  story_.say(words);
  EXPECT_TRUE(session_.seated());
}

TEST_F(SessionWithAPass, LeavesARelayThatAsksForNoProof) {
  story_.say(welcome());
  EXPECT_FALSE(session_.seated());
  EXPECT_EQ(last_told(), Condition::relay_unproven);
  EXPECT_TRUE(link::test::closed_with(*link_));
}

TEST_F(SessionWithAPass, LeavesARelayThatDoesNotKnowThePass) {
  auth::ScramServer relay = relay_that_knows("another");
  story_.say(ctrl::Challenge{relay.first()});
  ctrl::Welcome words = welcome();
  words.scram = "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  story_.say(words);
  EXPECT_FALSE(session_.seated());
  EXPECT_EQ(last_told(), Condition::relay_unproven);
}

TEST_F(SessionWithAPass, ProvesNothingToAQuestionThatIsNotFair) {
  story_.say(ctrl::Challenge{"r=other,s=QUJD,i=4096"});
  EXPECT_THAT(link_->all<ctrl::Proof>(), testing::IsEmpty());
  EXPECT_EQ(last_told(), Condition::relay_misunderstood);
}

TEST_F(SessionWithAPass, TriesAgainWhileTheRoomIsNotOpen) {
  story_.say(ctrl::Reject{ctrl::RejectCode::room_not_open, "Not open.", true});
  EXPECT_EQ(last_told(), Condition::rejected);
  EXPECT_TRUE(last_details().retry_in);
}

class SessionWithoutAPass : public SessionTest {};

TEST_F(SessionWithoutAPass, SaysThatOneIsNeeded) {
  session_.start(story_.now);
  story_.connect();
  story_.say(ctrl::Reject{ctrl::RejectCode::pass_needed, "Rooms have passes.", false});
  EXPECT_EQ(last_told(), Condition::pass_needed);
  EXPECT_FALSE(last_details().retry_in);
}

TEST_F(SessionWithoutAPass, TriesAgainWithTheOneItGets) {
  session_.start(story_.now);
  story_.connect();
  story_.say(ctrl::Reject{ctrl::RejectCode::pass_needed, "Rooms have passes.", false});
  listener_.ended.clear();
  session_.start_with(story_.now, kPass, {.client = "for clients", .gateway = "for gateways"});
  const auto hello = story_.connect().all<ctrl::Hello>().at(0);
  EXPECT_FALSE(hello.scram.empty());
  EXPECT_EQ(hello.found.client, "for clients");
}

TEST_F(SessionWithoutAPass, IsNotAskedForAProof) {
  session_.start(story_.now);
  story_.connect();
  story_.say(ctrl::Challenge{"r=abc,s=QUJD,i=4096"});
  EXPECT_EQ(last_told(), Condition::relay_misunderstood);
}

}  // namespace
}  // namespace softlan::session
