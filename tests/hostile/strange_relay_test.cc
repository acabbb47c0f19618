// Members against a relay that says and sends what it should not.
#include <gmock/gmock.h>

#include "hostile/strange_relay_world.h"

namespace softlan::hostile {
namespace {

using link::CloseCode;
using obs::Condition;
using obs::DropReason;
using proto::test::test_mac;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const Bytestring kFrame = proto::test::ipv4_udp(test_mac(1), test_mac(3));

Bytestring joined(std::uint16_t peer, const proto::Mac& mac, ctrl::Role role = ctrl::Role::client) {
  return ctrl::encode(ctrl::PeerJoined{.peer = PeerId{peer}, .role = role, .mac = mac, .name = "x"});
}
proto::Mac numbered_mac(std::size_t number) {
  return {{0x02, 0, 0, 1, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

class ClientOfAStrangeRelay : public StrangeRelayWorld {
 protected:
  ClientOfAStrangeRelay() : StrangeRelayWorld(ctrl::Role::client) {}

  // The member, greeting or seated, leaves a relay that says this, tells a person, and comes back to one that behaves.
  RawPeer& expect_left_after(RawPeer& relay, Bytes bytes, std::string_view why = {}) {
    const std::uint64_t before = listener_.heard(Condition::relay_misunderstood);
    relay.say(bytes);
    run(milliseconds(30));
    EXPECT_FALSE(session_.seated());
    EXPECT_EQ(listener_.heard(Condition::relay_misunderstood), before + 1);
    EXPECT_THAT(listener_.last_message, HasSubstr(why));
    return seat();
  }
};

TEST_F(ClientOfAStrangeRelay, LeavesItAfterAnythingThatCannotBeRead) {
  RawPeer* relay = &seat();
  for (const Bytestring& bytes : {Bytestring{0, 0, 0, 0}, Bytestring{0xff, 0xff, 0xff, 0xff}, control("nonsense"),
                                  control("{\"type\":\"welcome\",\"software\":\"\xff\"}"),
                                  control(R"({"type":"welcome","x":)" + repeated("[", 60000)), control("[]")}) {
    relay = &expect_left_after(*relay, bytes);
  }
}

TEST_F(ClientOfAStrangeRelay, LeavesItAfterAWelcomeThatCannotBe) {
  RawPeer* relay = &meet();
  relay = &expect_left_after(*relay, control(R"({"type":"welcome","protocol":1,"peer":7,"mtu":65535})"), "mtu");
  relay = &expect_left_after(*relay, control(R"({"type":"welcome","protocol":1,"peer":7,"mtu":0})"), "mtu");
  relay = &expect_left_after(*relay, control(R"({"type":"welcome","protocol":1,"peer":0,"mtu":1500})"), "peer");
  relay = &expect_left_after(*relay, control(R"({"type":"welcome","protocol":1,"peer":65536,"mtu":1500})"), "peer");
}

TEST_F(ClientOfAStrangeRelay, LeavesItAfterASecondWelcome) {
  expect_left_after(seat(), ctrl::encode(session::test::welcome()), "second welcome");
}

TEST_F(ClientOfAStrangeRelay, LivesWithAGatewayThatIsItself) {
  RawPeer& relay = meet();
  relay.say(ctrl::encode(session::test::welcome(session::test::kOwnSeat)));
  relay.say(joined(7, test_mac(1), ctrl::Role::gateway));
  relay.say(ctrl::encode(ctrl::PeerLeft{.peer = PeerId{7}}));
  relay.say(ctrl::encode(ctrl::PeerLeft{.peer = PeerId{9}}));
  run(seconds(7));
  EXPECT_TRUE(session_.seated());
}

TEST_F(ClientOfAStrangeRelay, TellsNoControlCharactersOfARejectToAPerson) {
  RawPeer& relay = meet();
  std::string message = repeated("\\u001b[2J\\u0007\\u202e\\n", 3000);
  relay.say(control(R"({"type":"reject","code":"room_full","retry":true,"message":")" + message + "\"}"));
  run(milliseconds(30));
  EXPECT_FALSE(session_.seated());
  EXPECT_LE(listener_.last_message.size(), 200u * 4);
  for (const char c : listener_.last_message) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  EXPECT_THAT(listener_.last_message, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_TRUE(comes_back());
}

TEST_F(ClientOfAStrangeRelay, HidesControlCharactersOfACloseFromAPerson) {
  RawPeer& relay = seat();
  Packets packets;
  relay.close(now_, 99, "\x1b[2J\xff\xfe\n", packets);
  for (const Packet& packet : packets) inject(packet);
  run(milliseconds(30));
  for (const char c : listener_.last_message) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  EXPECT_TRUE(comes_back());
}

TEST_F(ClientOfAStrangeRelay, LeavesItBeforeItsMembersAreWithoutNumber) {
  RawPeer& relay = seat();
  for (std::size_t peer = 1; peer <= 65535; ++peer)
    relay.say(joined(static_cast<std::uint16_t>(peer), numbered_mac(peer)));
  run_out(relay);
  EXPECT_FALSE(session_.seated());
  EXPECT_EQ(listener_.heard(Condition::relay_misunderstood), 1u);
  EXPECT_EQ(session_.peer(PeerId{1}), nullptr);
  EXPECT_LE(listener_.heard(Condition::member_joined), 25u);
  EXPECT_TRUE(comes_back());
}

TEST_F(ClientOfAStrangeRelay, LetsItsMembersComeAndGoWithoutFillingTheScreen) {
  RawPeer& relay = seat();
  for (int i = 0; i < 5000; ++i) {
    for (const std::uint16_t peer : {std::uint16_t{3}, std::uint16_t{4}}) {
      relay.say(joined(peer, test_mac(3), peer == 4 ? ctrl::Role::gateway : ctrl::Role::client));
      relay.say(ctrl::encode(ctrl::PeerLeft{.peer = PeerId{peer}}));
    }
  }
  run_out(relay);
  run(seconds(11));
  EXPECT_TRUE(session_.seated());
  const std::uint64_t sentences = listener_.heard(Condition::member_joined) + listener_.heard(Condition::member_left) +
                                  listener_.heard(Condition::gateway_joined) + listener_.heard(Condition::gateway_left);
  EXPECT_LE(sentences, 60u);
  EXPECT_GE(listener_.heard(Condition::members_come_and_go), 1u);
}

TEST_F(ClientOfAStrangeRelay, CountsFramesBeforeTheWelcomeAsNotSeated) {
  RawPeer& relay = meet();
  for (int i = 0; i < 50; ++i) relay.send(frame_datagram(kFrame, PeerId{3}));
  run_out(relay);
  EXPECT_EQ(port_.written, 0u);
  relay.say(ctrl::encode(session::test::welcome()));
  run(seconds(6));
  EXPECT_EQ(told_drops(relay, "not_seated"), 50u);
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(ClientOfAStrangeRelay, CountsFramesOfStrangersAsSuch) {
  RawPeer& relay = seat();
  for (std::uint16_t i = 0; i < 500; ++i) relay.send(frame_datagram(kFrame, PeerId{i}));
  run(seconds(6));
  EXPECT_EQ(port_.written, 0u);
  EXPECT_EQ(told_drops(relay, "unknown_sender"), 500u);
}

TEST_F(ClientOfAStrangeRelay, CountsDatagramsItCannotRead) {
  RawPeer& relay = seat();
  for (int i = 0; i < 100; ++i) {
    for (const Bytestring& datagram : unreadable_datagrams()) relay.send(datagram);
  }
  run(seconds(6));
  EXPECT_TRUE(session_.seated());
  EXPECT_EQ(told_drops(relay, "malformed_datagram") + told_drops(relay, "malformed_fragment"),
            100 * unreadable_datagrams().size());
}

TEST_F(ClientOfAStrangeRelay, HoldsFewUnfinishedFramesWhoeverTheySeemToBeOf) {
  RawPeer& relay = seat();
  for (std::uint16_t i = 0; i < 5000; ++i) {
    relay.send(fragment_datagram({.frame_id = i, .offset = 0, .total = 1522}, proto::test::pattern(20), PeerId{i}));
  }
  std::size_t most = 0;
  for (int i = 0; i < 300; ++i) {
    run(milliseconds(1));
    most = std::max(most, pool_.in_use());
  }
  EXPECT_LE(most, proto::Reassembler::kMaxFrames);
  run(seconds(6));
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_EQ(told_drops(relay, "reassembly_timeout"), 5000u);
}

TEST_F(ClientOfAStrangeRelay, AnswersAnEchoFloodNoFasterThanItIsAsked) {
  RawPeer& relay = seat();
  for (int i = 0; i < 5000; ++i) {
    relay.send(echo_datagram({.target = PeerId{7}, .cookie = 1, .reply = false}, PeerId{3}));
    relay.send(echo_datagram({.target = PeerId{7}, .cookie = 1, .reply = true}, PeerId{3}));
  }
  run_out(relay);
  run(seconds(1));
  EXPECT_TRUE(session_.seated());
  EXPECT_LE(relay.datagrams().size(), 5100u);
  EXPECT_FALSE(session_.round_trips().gateway);
}

TEST_F(ClientOfAStrangeRelay, IgnoresAFloodOfMessagesMeantForRelays) {
  RawPeer& relay = seat();
  for (std::uint32_t i = 0; i < 5000; ++i) relay.say(ctrl::encode(ctrl::Budget{i}));
  for (int i = 0; i < 1000; ++i) relay.say(ctrl::encode(hello(9)));
  run_out(relay);
  EXPECT_TRUE(session_.seated());
}

TEST_F(ClientOfAStrangeRelay, LeavesOneThatResetsTheControlStream) {
  RawPeer& relay = seat();
  relay.reset_control();
  run(milliseconds(30));
  EXPECT_FALSE(session_.seated());
  EXPECT_TRUE(comes_back());
}

TEST_F(ClientOfAStrangeRelay, OutlivesPacketsThatAreEmptyOrGarbage) {
  RawPeer& relay = seat();
  const NetworkPath path = relay.path();
  inject({{}, path});
  for (int i = 0; i < 20000; ++i) {
    Bytestring junk(random_.below(1473));
    random_.fill(junk);
    inject({junk, path});
  }
  run(seconds(3));
  EXPECT_TRUE(session_.seated());
}

class GatewayOfAStrangeRelay : public StrangeRelayWorld {
 protected:
  GatewayOfAStrangeRelay() : StrangeRelayWorld(ctrl::Role::gateway) {}
};

TEST_F(GatewayOfAStrangeRelay, OutlivesAsManyMembersAsARoomHas) {
  constexpr std::size_t kMembers = 1024;
  RawPeer& relay = seat();
  for (std::size_t peer = 1; peer <= kMembers; ++peer) {
    relay.say(joined(static_cast<std::uint16_t>(peer), numbered_mac(peer)));
  }
  run_out(relay);
  run(seconds(6));
  EXPECT_TRUE(session_.seated());
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(GatewayOfAStrangeRelay, PutsNoFrameOfAnyoneOnTheLanUnderAnothersMac) {
  RawPeer& relay = seat();
  relay.say(joined(3, test_mac(3)));
  relay.say(joined(4, test_mac(4)));
  run(milliseconds(10));
  const std::uint64_t refreshes = port_.written;
  for (int i = 0; i < 20; ++i) relay.send(frame_datagram(kFrame, PeerId{4}));
  run_out(relay);
  EXPECT_EQ(port_.written, refreshes);
  EXPECT_EQ(gateway_.counters().out.dropped(DropReason::forged_source), 20u);
}

}  // namespace
}  // namespace softlan::hostile
