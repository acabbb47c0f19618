#include "doctor/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/test_findings.h"
#include "proto/test_frames.h"

namespace softlan::doctor {
namespace {

using namespace std::chrono_literals;
using proto::test::ip;
using test::matters;
using test::said;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Visit good_visit() {
  Visit visit;
  visit.with_pass = visit.seated = visit.proven = true;
  visit.answered = SocketAddress{.ip = ip("192.0.2.1"), .port = 443};
  visit.budget = 1440;
  visit.echoes_sent = 30;
  visit.echoes.assign(30, 12ms);
  return visit;
}
Relay relay(std::vector<Visit> visits) {
  return {.name = "relay.example.org:443",
          .server_name = "relay.example.org",
          .room = "ROOM1",
          .visits = std::move(visits)};
}
Visit rejected(ctrl::RejectCode code) {
  Visit visit = good_visit();
  visit.seated = visit.proven = false;
  visit.echoes.clear();
  visit.echoes_sent = 0;
  visit.reject = ctrl::Reject{.code = code, .message = "because"};
  return visit;
}
Visit failed(link::LinkFault fault) {
  Visit visit;
  visit.end = link::LinkEnd{.fault = fault, .reason = "its key is another one"};
  return visit;
}

TEST(RelayJudgement, AGoodRelayHasNothingToBeSaidAgainstIt) {
  const Findings findings = judge(relay({good_visit()}));
  EXPECT_THAT(matters(findings), ElementsAre(Matter::relay_answers, Matter::pass_right));
  EXPECT_THAT(said(findings, Matter::relay_answers),
              HasSubstr("12.0 ms there and back, jitter 0.0 ms, 0 of 30 echoes lost, 1440 bytes"));
}

TEST(RelayJudgement, WhyThereIsNoConnectionIsToldApart) {
  using enum link::LinkFault;
  const std::pair<link::LinkFault, Matter> faults[] = {
      {timeout, Matter::relay_unreachable},    {unreachable, Matter::relay_unreachable},
      {untrusted, Matter::relay_untrusted},    {wrong_name, Matter::relay_name_mismatch},
      {wrong_protocol, Matter::relay_strange}, {no_datagrams, Matter::relay_strange},
      {transport, Matter::relay_strange},      {reset, Matter::relay_strange}};
  for (const auto& [fault, matter] : faults) {
    const Findings findings = judge(relay({failed(fault)}));
    EXPECT_THAT(matters(findings), ElementsAre(matter));
    EXPECT_EQ(weight_of(findings[0].matter), Weight::problem);
  }
}

TEST(RelayJudgement, ANameThatIsNotFoundIsSaid) {
  Relay unknown = relay({});
  unknown.found = false;
  EXPECT_THAT(matters(judge(unknown)), ElementsAre(Matter::relay_not_found));
}

TEST(RelayJudgement, AFarAnUnsteadyAndANarrowWayAreHints) {
  Visit visit = good_visit();
  for (std::size_t i = 0; i < visit.echoes.size(); ++i) visit.echoes[i] = i % 2 == 0 ? 100ms : 160ms;
  visit.budget = 1168;
  const Findings findings = judge(relay({visit}));
  EXPECT_THAT(said(findings, Matter::relay_far), HasSubstr("130.0 ms"));
  EXPECT_THAT(said(findings, Matter::relay_unsteady), HasSubstr("jitter 60.0 ms"));
  EXPECT_THAT(said(findings, Matter::narrow_path), HasSubstr("1168"));
}

TEST(RelayJudgement, LostEchoesAreUnsteady) {
  Visit visit = good_visit();
  visit.echoes.resize(25);
  EXPECT_THAT(said(judge(relay({visit})), Matter::relay_unsteady), HasSubstr("5 of 30 echoes lost"));
}

TEST(RelayJudgement, AFamilyThatStaysSilentIsAHint) {
  Visit visit = good_visit();
  visit.silent = {IpAddress::Family::v6};
  EXPECT_THAT(said(judge(relay({visit})), Matter::family_unreachable),
              HasSubstr("answers over IPv4 but not over IPv6"));
}

TEST(RelayJudgement, AWrongPassAndARoomThatIsNotOpenAreTheSame) {
  EXPECT_THAT(matters(judge(relay({rejected(ctrl::RejectCode::room_not_open)}))), Contains(Matter::pass_wrong));
}

TEST(RelayJudgement, APlaceThatIsTakenProvesThePass) {
  const Findings findings = judge(relay({rejected(ctrl::RejectCode::gateway_taken)}));
  EXPECT_THAT(matters(findings), ElementsAre(Matter::relay_answers, Matter::pass_right, Matter::gateway_there));
}

TEST(RelayJudgement, AGatewayInTheRoomIsAHint) {
  Visit visit = good_visit();
  visit.gateway_there = true;
  EXPECT_THAT(matters(judge(relay({visit}))),
              ElementsAre(Matter::relay_answers, Matter::pass_right, Matter::gateway_there));
}

TEST(RelayJudgement, AGatewayThatFoundsItsRoomNeedsNoPassYet) {
  Visit visit = rejected(ctrl::RejectCode::pass_needed);
  visit.with_pass = false;
  Relay founding = relay({visit});
  founding.founds = true;
  EXPECT_THAT(matters(judge(founding)), Contains(Matter::pass_to_be_made));
  founding.founds = false;
  EXPECT_THAT(said(judge(founding), Matter::relay_refuses), HasSubstr("because"));
}

TEST(RelayJudgement, ARelayThatDoesNotProveThatItKnowsThePassIsNotBelieved) {
  Visit visit = good_visit();
  visit.proven = false;
  EXPECT_THAT(matters(judge(relay({visit}))), Contains(Matter::relay_unproven));
}

TEST(RelayJudgement, SilenceAfterTheHelloIsStrange) {
  Visit visit = good_visit();
  visit.seated = visit.proven = false;
  EXPECT_THAT(matters(judge(relay({visit}))), Contains(Matter::relay_strange));
}

TEST(RelayJudgement, WithoutPassesEverybodyIsLetIn) {
  Visit visit = good_visit();
  visit.with_pass = visit.proven = false;
  EXPECT_THAT(matters(judge(relay({visit}))), ElementsAre(Matter::relay_answers, Matter::no_pass_needed));
}

TEST(Jitter, IsTheMeanDifferenceOfNeighbours) {
  EXPECT_EQ(jitter({}), 0ns);
  EXPECT_EQ(jitter({5ms}), 0ns);
  EXPECT_EQ(jitter({10ms, 12ms, 8ms}), 3ms);
}

}  // namespace
}  // namespace softlan::doctor
