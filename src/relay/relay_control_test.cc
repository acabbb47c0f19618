#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using link::CloseCode;
using namespace test;

class RelayControl : public RelayTest {};

TEST_F(RelayControl, AMessageMayArriveInAnyPieces) {
  FakeLink& link = connect(1);
  for (const std::uint8_t byte : ctrl::encode(hello(1))) relay_.on_control(now_, link, Bytes(&byte, 1));
  EXPECT_EQ(link.all<ctrl::Welcome>().size(), 1u);
}

TEST_F(RelayControl, ManyMessagesMayArriveAtOnce) {
  FakeLink& link = connect(1);
  auto bytes = ctrl::encode(hello(1));
  const auto budget = ctrl::encode(ctrl::Budget{.bytes = 1400});
  bytes.insert(bytes.end(), budget.begin(), budget.end());
  relay_.on_control(now_, link, bytes);
  EXPECT_EQ(room()->seats()[0]->told_budget, 1400u);
}

TEST_F(RelayControl, ASecondHelloIsAProtocolError) {
  FakeLink& member = join_client(1);
  say(member, hello(1));
  EXPECT_EQ(closed_with(member), CloseCode::protocol_error);
  EXPECT_EQ(room(), nullptr);
}

TEST_F(RelayControl, NothingButAHelloMayComeFirst) {
  const std::vector<ctrl::Message> others = {ctrl::Stats{}, ctrl::Budget{.bytes = 1400}, ctrl::Disconnect{}};
  for (const ctrl::Message& message : others) {
    FakeLink& link = connect(1);
    say(link, message);
    EXPECT_EQ(closed_with(link), CloseCode::protocol_error);
  }
}

TEST_F(RelayControl, WhatOnlyTheRelaySaysIsAProtocolErrorFromAMember) {
  const std::vector<ctrl::Message> relays = {
      ctrl::Welcome{.peer = PeerId{1}, .mtu = 1500, .software = "", .capabilities = {}}, ctrl::Reject{.message = "no"},
      ctrl::PeerJoined{.peer = PeerId{2}, .mac = test_mac(2), .name = ""},
      ctrl::PeerLeft{.peer = PeerId{2}, .reason = ""}};
  for (const ctrl::Message& message : relays) {
    FakeLink& member = join_client(1);
    say(member, message);
    EXPECT_EQ(closed_with(member), CloseCode::protocol_error);
    EXPECT_EQ(member.all<SentClose>().at(0).reason, "a message only the relay may send");
  }
}

TEST_F(RelayControl, AMalformedHelloIsAnsweredWithWhatIsWrong) {
  FakeLink& link = connect(1);
  say_json(link, "this is not JSON");
  EXPECT_EQ(link.all<ctrl::Reject>().at(0).code, ctrl::RejectCode::malformed);
  EXPECT_EQ(closed_with(link), CloseCode::protocol_error);
}

TEST_F(RelayControl, AMalformedMessageOfAMemberEndsItsLink) {
  FakeLink& member = join_client(1);
  FakeLink& present = join_client(2);
  say_json(member, R"({"type":"budget","bytes":"many"})");
  EXPECT_TRUE(member.all<ctrl::Reject>().empty());
  EXPECT_EQ(closed_with(member), CloseCode::protocol_error);
  EXPECT_EQ(present.all<ctrl::PeerLeft>().size(), 1u);
}

TEST_F(RelayControl, WhatFollowsAProtocolErrorIsNotRead) {
  FakeLink& link = connect(1);
  auto bytes = ctrl::encode(ctrl::Budget{.bytes = 1400});
  const auto first_words = ctrl::encode(hello(1));
  bytes.insert(bytes.end(), first_words.begin(), first_words.end());
  relay_.on_control(now_, link, bytes);
  relay_.on_control(now_, link, first_words);
  EXPECT_TRUE(link.all<ctrl::Welcome>().empty());
}

TEST_F(RelayControl, AMessageTooLongForTheProtocolEndsTheLink) {
  FakeLink& link = connect(1);
  const std::vector<std::uint8_t> length = {0x00, 0x02, 0x00, 0x00};
  relay_.on_control(now_, link, length);
  EXPECT_EQ(closed_with(link), CloseCode::protocol_error);
}

TEST_F(RelayControl, UnknownMessagesAreIgnored) {
  FakeLink& link = connect(1);
  say_json(link, R"({"type":"dance"})");
  say(link, hello(1));
  say_json(link, R"({"type":"dance","steps":3})");
  EXPECT_EQ(closed_with(link), std::nullopt);
  EXPECT_EQ(link.all<ctrl::Welcome>().size(), 1u);
}

TEST_F(RelayControl, AFloodOfMessagesEndsTheLink) {
  FakeLink& member = join_client(1);
  for (int i = 0; i < 99; ++i) say_json(member, R"({"type":"dance"})");
  EXPECT_EQ(closed_with(member), std::nullopt);
  say_json(member, R"({"type":"dance"})");
  EXPECT_EQ(closed_with(member), CloseCode::protocol_error);
}

TEST_F(RelayControl, AMemberThatSaysGoodbyeLeavesAtOnce) {
  FakeLink& member = join_client(1);
  FakeLink& present = join_client(2);
  say(member, ctrl::Disconnect{.reason = "dinner"});
  EXPECT_EQ(closed_with(member), CloseCode::leave);
  EXPECT_EQ(present.all<ctrl::PeerLeft>().at(0).reason, "left: dinner");
}

TEST_F(RelayControl, StatsAndBudgetOfAMemberAreKept) {
  FakeLink& member = join_client(1);
  EXPECT_EQ(room()->seats()[0]->told_budget, 1170u);
  ctrl::Stats stats;
  stats.frames_sent = 42;
  stats.rtt_us = 12'500;
  say(member, stats);
  say(member, ctrl::Budget{.bytes = 1400});
  EXPECT_EQ(room()->seats()[0]->told_budget, 1400u);
  ASSERT_TRUE(room()->seats()[0]->told_stats);
  EXPECT_EQ(room()->seats()[0]->told_stats->frames_sent, 42u);
  EXPECT_TRUE(logged("rtt_us=12500"));
}

}  // namespace
}  // namespace softlan::relay
