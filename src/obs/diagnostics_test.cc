#include "obs/diagnostics.h"

#include <gtest/gtest.h>

#include <set>

namespace softlan::obs {
namespace {

using namespace std::chrono_literals;

constexpr auto kConditionCount = static_cast<std::size_t>(Condition::count_);

Condition condition_at(std::size_t index) { return static_cast<Condition>(index); }

Details details() {
  return {.relay = "relay.example.org:443",
          .server_name = "lanparty-relay.local",
          .room = "ROOM1",
          .member = "Ada",
          .message = "The room is full.",
          .retry_in = std::nullopt};
}

TEST(Diagnostics, TellAPlayerWhatIsMissingWithoutAGateway) {
  EXPECT_EQ(explain(Condition::seated_without_gateway, details()),
            "Joined room ROOM1. The gateway is not here yet: you reach the other players, but not the LAN.");
}

TEST(Diagnostics, TellWhatToDoWhenTheRelayCannotBeReached) {
  EXPECT_EQ(explain(Condition::relay_unreachable, details()),
            "relay.example.org:443 does not answer: check the address, the port and that UDP is let through.");
  EXPECT_EQ(explain(Condition::relay_name_mismatch, details()),
            "The certificate of relay.example.org:443 is not for the name lanparty-relay.local: check --server-name.");
}

TEST(Diagnostics, PassOnTheRelaysOwnSentence) {
  EXPECT_EQ(explain(Condition::rejected, details()), "The relay refused: The room is full.");
  EXPECT_EQ(explain(Condition::relay_closed, {.relay = "r:1", .message = "shutting down"}),
            "r:1 closed the connection: shutting down.");
}

TEST(Diagnostics, NameTheGatewayThatCameOrLeft) {
  EXPECT_EQ(explain(Condition::gateway_joined, {.member = "Hall"}), "The gateway Hall is here. You are on the LAN.");
  EXPECT_EQ(explain(Condition::gateway_left, {.room = "ROOM1", .member = "02:00:00:00:00:01"}),
            "The gateway 02:00:00:00:00:01 has left room ROOM1: the LAN is out of reach until it returns.");
  EXPECT_EQ(explain(Condition::gateway_joined, {}), "The gateway is here. You are on the LAN.");
}

TEST(Diagnostics, TellACrowdByItsNumber) {
  EXPECT_EQ(explain(Condition::members_come_and_go, {.message = "995 more joined or left"}),
            "Many members come and go: 995 more joined or left.");
}

TEST(Diagnostics, SayWhatIsWrongWithACertificate) {
  EXPECT_EQ(explain(Condition::relay_untrusted, {.relay = "r:1", .message = "the relay's certificate has expired"}),
            "r:1 cannot be trusted: the relay's certificate has expired. Ask the organiser for the current link or "
            "certificate file.");
}

TEST(Diagnostics, SayWhenTheNextAttemptBegins) {
  Details later = details();
  later.retry_in = 3100ms;
  EXPECT_EQ(explain(Condition::relay_lost, later),
            "The connection to relay.example.org:443 was lost. Trying again in 4 s.");
  later.retry_in = 0s;
  EXPECT_EQ(explain(Condition::relay_lost, later),
            "The connection to relay.example.org:443 was lost. Trying again now.");
}

TEST(Diagnostics, StaySentencesWithoutDetails) {
  EXPECT_EQ(explain(Condition::name_not_found, {}), "The relay was not found: check the name and your DNS.");
  EXPECT_EQ(explain(Condition::relay_lost, {}), "The connection to the relay was lost.");
  EXPECT_EQ(explain(Condition::rejected, {}), "The relay refused: no reason given.");
}

TEST(Diagnostics, MakeDetailsPrintableAndTakeNoneForAFormat) {
  Details hostile = details();
  hostile.message = "\x1b[2Jgo away {relay} {}";
  EXPECT_EQ(explain(Condition::rejected, hostile), "The relay refused: ?[2Jgo away {relay} {}.");
  hostile.member = "anna";
  EXPECT_EQ(explain(Condition::member_joined, hostile), "anna joined.");
}

TEST(Diagnostics, HaveANameAndASentenceForEveryCondition) {
  std::set<std::string_view> names;
  std::set<std::string> sentences;
  for (std::size_t i = 0; i < kConditionCount; ++i) {
    names.insert(to_string(condition_at(i)));
    const std::string sentence = explain(condition_at(i), details());
    EXPECT_TRUE(sentence.ends_with('.')) << sentence;
    EXPECT_EQ(sentence.find_first_of("{}"), std::string::npos) << sentence;
    sentences.insert(sentence);
  }
  EXPECT_EQ(names.size(), kConditionCount);
  EXPECT_EQ(sentences.size(), kConditionCount);
}

}  // namespace
}  // namespace softlan::obs
