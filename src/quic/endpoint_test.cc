#include "quic/endpoint.h"

#include <gtest/gtest.h>

#include <string>

#include "quic/test_endpoints.h"

namespace softlan::quic {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(EndpointTest, ConnectsAndShowsTheMembersIdentity) {
  const KeyedCertificate identity = *generate_identity();
  use_trust({.ca = *certificate_to_der(certificate_.certificate_pem)}, identity);
  dial();
  run(milliseconds(50));
  ASSERT_EQ(relay_owner_.up.size(), 1u);
  ASSERT_EQ(member_owner_.up.size(), 1u);
  EXPECT_EQ(relay_owner_.up[0]->peer_identity(), *certificate_fingerprint(identity.certificate_pem));
  EXPECT_EQ(member_owner_.up[0]->peer_identity(), *certificate_fingerprint(certificate_.certificate_pem));
}

TEST_F(EndpointTest, CarriesControlBytesInOrderBothWays) {
  dial();
  run(milliseconds(50));
  std::string long_text(100000, 'x');
  for (std::size_t i = 0; i < long_text.size(); ++i) long_text[i] = static_cast<char>('a' + i % 26);
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(long_text.data()), long_text.size());
  ASSERT_TRUE(member_owner_.up[0]->send_control(bytes));
  run(milliseconds(200));
  EXPECT_EQ(relay_owner_.control, long_text);
  ASSERT_TRUE(relay_owner_.up[0]->send_control(bytes));
  run(milliseconds(200));
  EXPECT_EQ(member_owner_.control, long_text);
}

TEST_F(EndpointTest, CarriesFullSizedFramesBeforeAndAfterThePathIsProbed) {
  dial();
  run(milliseconds(2));
  const FrameRef original = frame(1514);
  member_owner_.up.empty() ? run(milliseconds(10)) : void();
  ASSERT_FALSE(member_owner_.up.empty());
  member_owner_.up[0]->send_frame(now_, kRelayPeer, original);
  run(milliseconds(500));
  EXPECT_GT(member_owner_.budget, 1400u);
  relay_owner_.up[0]->send_frame(now_, PeerId{9}, original);
  run(milliseconds(10));
  ASSERT_EQ(relay_owner_.frames.size(), 1u);
  ASSERT_EQ(member_owner_.frames.size(), 1u);
  EXPECT_TRUE(std::ranges::equal(relay_owner_.frames[0].frame.bytes(), original.bytes()));
  EXPECT_TRUE(std::ranges::equal(member_owner_.frames[0].frame.bytes(), original.bytes()));
  EXPECT_EQ(member_owner_.frames[0].sender, PeerId{9});
}

TEST_F(EndpointTest, CarriesEchoes) {
  dial();
  run(milliseconds(50));
  member_owner_.up[0]->send_echo(now_, kRelayPeer, {.target = PeerId{3}, .cookie = 77, .reply = false});
  run(milliseconds(10));
  ASSERT_EQ(relay_owner_.frames.size(), 1u);
  EXPECT_TRUE(relay_owner_.frames[0].is_echo);
  EXPECT_EQ(relay_owner_.frames[0].echo.target, PeerId{3});
  EXPECT_EQ(relay_owner_.frames[0].echo.cookie, 77u);
}

TEST_F(EndpointTest, CarriesFullSizedFramesOnASmallPath) {
  member_wire_.mtu = relay_wire_.mtu = 1232;
  dial();
  run(seconds(8));
  ASSERT_EQ(relay_owner_.up.size(), 1u);
  relay_owner_.up[0]->send_frame(now_, PeerId{9}, frame(1522));
  run(milliseconds(10));
  EXPECT_EQ(member_owner_.frames.size(), 1u);
  EXPECT_EQ(member_owner_.budget, 1232u - 32u);
}

TEST_F(EndpointTest, GoesOnWithSmallerDatagramsWhenThePathSilentlyShrinksAndGrowsBackWithIt) {
  dial();
  run(milliseconds(500));
  EXPECT_EQ(member_owner_.budget, 1472u - 32u);
  member_wire_.mtu = relay_wire_.mtu = 1252;
  member_owner_.up[0]->send_frame(now_, kRelayPeer, frame(1400));
  run(milliseconds(200));
  EXPECT_EQ(relay_owner_.frames.size(), 0u);
  EXPECT_EQ(member_owner_.budget, 1252u - 32u);
  member_owner_.up[0]->send_frame(now_, kRelayPeer, frame(1400));
  run(milliseconds(20));
  EXPECT_EQ(relay_owner_.frames.size(), 1u);
  member_wire_.mtu = relay_wire_.mtu = 1472;
  run(seconds(20));
  EXPECT_EQ(member_owner_.budget, 1472u - 32u);
}

TEST_F(EndpointTest, GoesOnFromAnotherAddress) {
  dial();
  run(milliseconds(500));
  member_->on_new_local(now_, address(7, 7000));
  run(milliseconds(20));
  member_owner_.up[0]->send_frame(now_, kRelayPeer, frame(100));
  relay_owner_.up[0]->send_frame(now_, kRelayPeer, frame(100));
  run(milliseconds(20));
  EXPECT_EQ(relay_owner_.frames.size(), 1u);
  EXPECT_EQ(member_owner_.frames.size(), 1u);
  EXPECT_EQ(relay_owner_.up[0]->peer_address(), address(7, 7000));
  EXPECT_TRUE(relay_owner_.ends.empty() && member_owner_.ends.empty());
}

TEST_F(EndpointTest, TellsThePeerWhyItCloses) {
  dial();
  run(milliseconds(50));
  relay_owner_.up[0]->close(link::CloseCode::replaced, "you came back");
  run(milliseconds(50));
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::closed_by_peer);
  EXPECT_EQ(member_owner_.ends[0].code, static_cast<std::uint64_t>(link::CloseCode::replaced));
  EXPECT_EQ(member_owner_.ends[0].reason, "you came back");
  EXPECT_TRUE(relay_owner_.ends.empty());
  EXPECT_EQ(relay_->connections() + member_->connections(), 0u);
}

TEST_F(EndpointTest, SaysAllItHadToSayBeforeItCloses) {
  dial();
  run(milliseconds(50));
  const std::uint8_t word[] = {'b', 'y', 'e'};
  ASSERT_TRUE(member_owner_.up[0]->send_control(word));
  run(milliseconds(10));
  ASSERT_TRUE(relay_owner_.up[0]->send_control(word));
  relay_owner_.up[0]->close(link::CloseCode::rejected, "");
  run(milliseconds(50));
  EXPECT_EQ(member_owner_.control, "bye");
  EXPECT_EQ(member_owner_.ends.size(), 1u);
}

TEST_F(EndpointTest, LearnsAtOnceThatARestartedRelayHasForgottenIt) {
  dial();
  run(milliseconds(50));
  restart_relay();
  member_owner_.up[0]->send_frame(now_, kRelayPeer, frame(100));
  run(milliseconds(20));
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::reset);
}

TEST_F(EndpointTest, EndsTheLinkAfterSilence) {
  dial();
  run(milliseconds(50));
  relay_.reset();
  run(seconds(36));
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::timeout);
}

TEST_F(EndpointTest, GivesUpAHandshakeNobodyAnswers) {
  relay_.reset();
  dial();
  run(seconds(6));
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::timeout);
}

TEST_F(EndpointTest, EndsTheLinkWhenTheNetworkSaysNobodyListens) {
  dial();
  member_->on_unreachable(now_);
  member_->flush(now_);
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::unreachable);
}

TEST_F(EndpointTest, CountsJunkAndStaysUp) {
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> junk(random_.below(1500));
    random_.fill(junk);
    const ReceivedPacket packet{junk, {address(1, 443), address(9, 9)}, 0};
    relay_->on_packets(now_, {&packet, 1});
    relay_->flush(now_);
  }
  relay_wire_.packets.clear();
  EXPECT_GT(relay_->counters().junk_packets + relay_->counters().unknown_connections +
                relay_->counters().version_negotiations,
            1900u);
  dial();
  run(milliseconds(50));
  EXPECT_EQ(relay_owner_.up.size(), 1u);
}

TEST_F(EndpointTest, RefusesConnectionsBeyondItsBound) {
  EndpointConfig config;
  config.max_connections = 0;
  restart_relay(config);
  dial();
  run(milliseconds(50));
  EXPECT_EQ(relay_->connections(), 0u);
  EXPECT_GT(relay_->counters().refused_connections, 0u);
}

}  // namespace
}  // namespace softlan::quic
