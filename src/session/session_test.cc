#include "session/session.h"

#include <gmock/gmock.h>

#include "session/test_session.h"

namespace softlan::session {
namespace {

using link::CloseCode;
using link::LinkFault;
using obs::Condition;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;
using namespace test;

// ---- finding and reaching the relay

class SessionOnItsWay : public SessionTest {};

TEST_F(SessionOnItsWay, LooksTheNameUpFirst) {
  session_.start(story_.now);
  EXPECT_EQ(surroundings_.lookups, 1);
  EXPECT_TRUE(surroundings_.dialled.empty());
  EXPECT_EQ(last_told(), Condition::resolving);
  EXPECT_EQ(last_details().relay, "relay.example.org:443");
}

TEST_F(SessionOnItsWay, DialsIpv6AndIpv4InTurnAQuarterOfASecondApart) {
  session_.start(story_.now);
  story_.resolve({relay_at("192.0.2.1"), relay_at("192.0.2.2"), relay_at("2001:db8::1"), relay_at("2001:db8::2")});
  EXPECT_THAT(surroundings_.dialled, ElementsAre(relay_at("2001:db8::1")));
  story_.wait(milliseconds(249));
  EXPECT_THAT(surroundings_.dialled, SizeIs(1));
  story_.wait(milliseconds(1));
  EXPECT_THAT(surroundings_.dialled, ElementsAre(relay_at("2001:db8::1"), relay_at("192.0.2.1")));
  story_.wait(milliseconds(500));
  EXPECT_THAT(surroundings_.dialled, ElementsAre(relay_at("2001:db8::1"), relay_at("192.0.2.1"),
                                                 relay_at("2001:db8::2"), relay_at("192.0.2.2")));
}

TEST_F(SessionOnItsWay, DialsTheNextAddressAtOnceWhenOneFails) {
  session_.start(story_.now);
  story_.resolve({relay_at("2001:db8::1"), relay_at("192.0.2.1")});
  story_.lose(story_.link(), LinkFault::unreachable);
  EXPECT_THAT(surroundings_.dialled, SizeIs(2));
  EXPECT_FALSE(listener_.heard(Condition::relay_unreachable));
}

TEST_F(SessionOnItsWay, PassesOverAddressesWithoutARoute) {
  surroundings_.without_route = {relay_at("2001:db8::1")};
  session_.start(story_.now);
  story_.resolve({relay_at("2001:db8::1"), relay_at("192.0.2.1")});
  EXPECT_THAT(surroundings_.links, SizeIs(1));
  EXPECT_EQ(story_.link().peer_address(), relay_at("192.0.2.1"));
}

TEST_F(SessionOnItsWay, KeepsTheFirstLinkToAnswerAndClosesTheOthers) {
  session_.start(story_.now);
  story_.resolve({relay_at("2001:db8::1"), relay_at("192.0.2.1"), relay_at("192.0.2.2")});
  story_.wait(milliseconds(250));
  FakeLink& slow = surroundings_.links.front();
  FakeLink& quick = surroundings_.links.back();
  story_.answer(quick);
  EXPECT_EQ(closed_with(quick), std::nullopt);
  EXPECT_EQ(closed_with(slow), CloseCode::leave);
  EXPECT_EQ(session_.relay_address(), relay_at("192.0.2.1"));
  story_.wait(seconds(1));
  EXPECT_THAT(surroundings_.dialled, SizeIs(2));  // no third is needed any more
}

TEST_F(SessionOnItsWay, SaysHelloWithAllTheRelayNeeds) {
  session_.start(story_.now);
  story_.resolve();
  story_.link().present_stats.budget = 1400;
  story_.answer(story_.link());
  const auto hellos = story_.link().all<ctrl::Hello>();
  ASSERT_THAT(hellos, SizeIs(1));
  const ctrl::Hello expected = {.protocol = ctrl::kProtocolVersion,
                                .role = ctrl::Role::client,
                                .room = "ROOM1",
                                .mac = test_mac(1),
                                .name = "Ada",
                                .software = "lanparty-test 1",
                                .capabilities = {"fragment", "echo", "filler"},
                                .budget = 1400,
                                .previous = kRelayPeer};
  EXPECT_EQ(hellos[0], expected);
}

TEST_F(SessionOnItsWay, NamesItsPreviousSeatWhenItReturns) {
  story_.lose(story_.start_seated());
  story_.wait_for_deadline();
  const auto hellos = story_.connect().all<ctrl::Hello>();
  ASSERT_THAT(hellos, SizeIs(1));
  EXPECT_EQ(hellos[0].previous, kOwnSeat);
}

// ---- leaving

class SessionThatLeaves : public SessionTest {};

TEST_F(SessionThatLeaves, SaysGoodbyeBeforeItCloses) {
  FakeLink& relay = story_.start_seated();
  relay.take();
  session_.leave(story_.now);
  ASSERT_THAT(relay.sent(), SizeIs(2));
  EXPECT_NE(FakeLink::as<ctrl::Disconnect>(relay.sent()[0]), nullptr);
  EXPECT_EQ(closed_with(relay), CloseCode::leave);
  EXPECT_EQ(member_.unseated, 1);
  EXPECT_EQ(last_told(), Condition::left);
  EXPECT_THAT(listener_.ended, ElementsAre(false));
  EXPECT_EQ(session_.next_deadline(), kNever);
}

TEST_F(SessionThatLeaves, WhileDiallingClosesEveryLink) {
  session_.start(story_.now);
  story_.resolve({relay_at("2001:db8::1"), relay_at("192.0.2.1")});
  story_.wait(milliseconds(250));
  session_.leave(story_.now);
  for (const FakeLink& link : surroundings_.links) EXPECT_EQ(closed_with(link), CloseCode::leave);
  EXPECT_THAT(listener_.ended, ElementsAre(false));
}

TEST_F(SessionThatLeaves, EndsOnce) {
  session_.start(story_.now);
  session_.leave(story_.now);
  session_.leave(story_.now);
  story_.resolve();
  story_.wait(seconds(60));
  EXPECT_THAT(surroundings_.dialled, SizeIs(0));
  EXPECT_THAT(listener_.ended, ElementsAre(false));
}

}  // namespace
}  // namespace softlan::session
