#include "doctor/relay_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/scram_server.h"
#include "auth/test_exchange.h"
#include "link/fake_link.h"
#include "proto/test_frames.h"

namespace softlan::doctor {
namespace {

using namespace std::chrono_literals;
using link::test::closed_with;
using link::test::FakeLink;
using link::test::SentEcho;
using proto::test::ip;
using proto::test::test_mac;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const SocketAddress kV4{.ip = ip("192.0.2.1"), .port = 443};
const SocketAddress kV6{.ip = ip("2001:db8::1"), .port = 443};

// A visit to a relay that has an address of each family.
struct Visiting {
  explicit Visiting(std::string pass = "")
      : probe({.role = ctrl::Role::client, .room = "ROOM1", .mac = test_mac(1), .pass = std::move(pass)}, random) {
    probe.on_dialled(now, v6, kV6);
    probe.on_dialled(now, v4, kV4);
    v4.present_stats.budget = 1440;
  }
  void say(FakeLink& link, const ctrl::Message& message) { probe.on_control(now, link, ctrl::encode(message)); }
  void seat() {
    probe.on_link_up(now, v4);
    say(v4, ctrl::Welcome{.peer = PeerId{7}, .mtu = 1500});
  }
  void pass(Duration time) {
    const TimePoint end = now + time;
    while (probe.next_deadline() <= end) {
      now = probe.next_deadline();
      probe.on_deadline(now);
    }
    now = end;
  }
  void answer(std::uint64_t cookie) {
    link::Received echo{.from = &v4, .is_echo = true, .frame = {}, .echo = {.cookie = cookie, .reply = true}};
    probe.on_received(now, {&echo, 1});
  }
  const Visit& visit() { return probe.visit(); }

  TimePoint now{};
  SeededRandom random{3};
  FakeLink v4{1, kV4};
  FakeLink v6{1, kV6};
  RelayProbe probe;
};

TEST(RelayProbe, SaysHelloOnTheFirstConnectionAndClosesTheOther) {
  Visiting visiting;
  visiting.probe.on_link_up(visiting.now, visiting.v4);
  visiting.probe.on_link_up(visiting.now, visiting.v6);
  const auto hellos = visiting.v4.all<ctrl::Hello>();
  ASSERT_EQ(hellos.size(), 1u);
  EXPECT_EQ(hellos[0].room, "ROOM1");
  EXPECT_TRUE(hellos[0].found.empty());
  EXPECT_EQ(closed_with(visiting.v6), link::CloseCode::leave);
  EXPECT_EQ(closed_with(visiting.v4), std::nullopt);
}

TEST(RelayProbe, SitsForThreeSecondsAndLeaves) {
  Visiting visiting;
  visiting.seat();
  visiting.pass(2900ms);
  EXPECT_FALSE(visiting.probe.over());
  visiting.pass(100ms);
  EXPECT_TRUE(visiting.probe.over());
  EXPECT_EQ(closed_with(visiting.v4), link::CloseCode::leave);
  EXPECT_TRUE(visiting.visit().seated);
  EXPECT_EQ(visiting.visit().budget, 1440u);
  EXPECT_EQ(visiting.visit().echoes_sent, visiting.v4.all<SentEcho>().size());
  EXPECT_EQ(visiting.visit().echoes_sent, 29u);
}

TEST(RelayProbe, MeasuresEachEcho) {
  Visiting visiting;
  visiting.seat();
  visiting.now += 12ms;
  visiting.answer(0);
  visiting.answer(99);  // never asked
  EXPECT_THAT(visiting.visit().echoes, ElementsAre(12ms));
}

TEST(RelayProbe, ARejectEndsTheVisit) {
  Visiting visiting;
  visiting.probe.on_link_up(visiting.now, visiting.v4);
  visiting.say(visiting.v4, ctrl::Reject{.code = ctrl::RejectCode::gateway_taken, .message = "", .retry = true});
  EXPECT_TRUE(visiting.probe.over());
  EXPECT_EQ(visiting.visit().reject->code, ctrl::RejectCode::gateway_taken);
  EXPECT_THAT(visiting.visit().silent, IsEmpty()) << "the other family had no time";
}

TEST(RelayProbe, TheOtherFamilyIsSilentWhenItHadTime) {
  Visiting visiting;
  visiting.seat();
  visiting.pass(3s);
  EXPECT_THAT(visiting.visit().silent, ElementsAre(IpAddress::Family::v6));
}

TEST(RelayProbe, ItIsOverOnlyWhenNoConnectionIsLeft) {
  Visiting visiting;
  const link::LinkEnd end{.fault = link::LinkFault::unreachable, .reason = ""};
  visiting.probe.on_link_down(visiting.now, visiting.v6, end);
  EXPECT_FALSE(visiting.probe.over());
  visiting.probe.on_link_down(visiting.now, visiting.v4, end);
  EXPECT_TRUE(visiting.probe.over());
  EXPECT_EQ(visiting.visit().end->fault, link::LinkFault::unreachable);
  EXPECT_FALSE(visiting.visit().answered);
}

TEST(RelayProbe, PatienceEndsWithoutAnAnswer) {
  Visiting visiting;
  visiting.pass(5s);
  EXPECT_TRUE(visiting.probe.over());
  EXPECT_EQ(closed_with(visiting.v4), link::CloseCode::leave);
}

TEST(RelayProbe, ProvesThePassAndHasTheRelayProveIt) {
  SeededRandom random(4);
  const auth::Verifier verifier = auth::make_verifier(auth::test::kPass, random);
  Visiting visiting{std::string(auth::test::kPass)};
  visiting.probe.on_link_up(visiting.now, visiting.v4);
  auth::ScramServer server(auth::parse_client_first(visiting.v4.all<ctrl::Hello>().at(0).scram).value(), verifier,
                           random);
  visiting.say(visiting.v4, ctrl::Challenge{server.first()});
  const auto final = server.on_client_final(visiting.v4.all<ctrl::Proof>().at(0).scram, visiting.v4.binding);
  ASSERT_TRUE(final);
  visiting.say(visiting.v4, ctrl::Welcome{.peer = PeerId{7}, .mtu = 1500, .scram = *final});
  EXPECT_TRUE(visiting.visit().with_pass);
  EXPECT_TRUE(visiting.visit().proven);
}

TEST(RelayProbe, WordsThatMakeNoSenseAreNotBelieved) {
  Visiting visiting;
  visiting.probe.on_link_up(visiting.now, visiting.v4);
  visiting.say(visiting.v4, ctrl::Challenge{"r=x"});
  EXPECT_TRUE(visiting.probe.over());
  EXPECT_FALSE(visiting.visit().seated);
}

}  // namespace
}  // namespace softlan::doctor
