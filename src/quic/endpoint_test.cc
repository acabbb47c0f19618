#include "quic/endpoint.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>

#include "quic/certificate.h"

namespace softlan::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kToday = 1780000000;  // 2026
const std::string kName = "lanparty-relay.local";

SocketAddress address(std::uint8_t last, std::uint16_t port) {
  SocketAddress made;
  made.ip.family = IpAddress::Family::v4;
  made.ip.bytes = {10, 0, 0, last};
  made.port = port;
  return made;
}

// Records everything an endpoint tells.
class RecordingOwner final : public link::LinkOwner {
 public:
  void on_link_up(TimePoint, link::Link& link) override { up.push_back(&link); }
  void on_link_down(TimePoint, link::Link&, const link::LinkEnd& end) override { ends.push_back(end); }
  void on_control(TimePoint, link::Link&, Bytes bytes) override { control.append(bytes.begin(), bytes.end()); }
  void on_received(TimePoint, std::span<link::Received> received) override {
    for (auto& one : received) frames.push_back(std::move(one));
  }
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason reason) override { bad.push_back(reason); }
  void on_budget(TimePoint, link::Link&, std::size_t size) override { budget = size; }

  std::vector<link::Link*> up;
  std::vector<link::LinkEnd> ends;
  std::string control;
  std::vector<link::Received> frames;
  std::vector<obs::DropReason> bad;
  std::size_t budget = 0;
};

// A wire that delivers at once unless told to drop.
class Wire final : public PacketSender {
 public:
  bool send(SendBatch& batch) override {
    for (const auto& packet : batch.packets()) {
      const Bytes data = batch.data(packet);
      if (packet.size <= mtu) packets.push_back({{data.begin(), data.end()}, packet.path});
    }
    batch.clear();
    return true;
  }

  struct Sent {
    std::vector<std::uint8_t> data;
    NetworkPath path;
  };
  std::deque<Sent> packets;
  std::size_t mtu = 1472;
};

KeyedCertificate relay_certificate() {
  const std::string names[] = {kName};
  return *generate_relay_certificate(names, kToday);
}

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() { use_trust(*certificate_to_der(certificate_.certificate_pem)); }

  void use_trust(const std::vector<std::uint8_t>& trusted) {
    member_.reset();
    member_tls_ = *TlsContext::for_member(*generate_identity(), trusted);
    member_ = std::make_unique<Endpoint>(EndpointConfig{}, *member_tls_, pool_, random_, member_owner_, member_wire_);
  }

  link::Link& dial(const std::string& name = kName) {
    return *member_->dial(now_, {address(2, 2000), address(1, 443)}, name, room_hash("ROOM1"));
  }

  static void carry(TimePoint now, Wire& wire, Endpoint* to) {
    while (!wire.packets.empty()) {
      const Wire::Sent sent = std::move(wire.packets.front());
      wire.packets.pop_front();
      const ReceivedPacket packet{sent.data, {sent.path.remote, sent.path.local}, 0};
      if (to) to->on_packets(now, {&packet, 1});
    }
  }

  void run(Duration time) {
    const TimePoint end = now_ + time;
    while (now_ < end) {
      now_ += milliseconds(1);
      for (Endpoint* endpoint : {relay_.get(), member_.get()}) {
        if (!endpoint) continue;
        if (endpoint->next_deadline() <= now_) endpoint->on_deadline(now_);
        endpoint->flush(now_);
      }
      carry(now_, relay_wire_, member_.get());
      carry(now_, member_wire_, relay_.get());
    }
  }

  FrameRef frame(std::size_t size) {
    FrameRef made = pool_.acquire(size);
    random_.fill(made.mutable_bytes());
    return made;
  }

  void restart_relay() {
    relay_ = std::make_unique<Endpoint>(EndpointConfig{}, *relay_tls_, pool_, random_, relay_owner_, relay_wire_);
  }

  TimePoint now_{seconds(1)};
  FramePool pool_{1000};
  SeededRandom random_{7};
  KeyedCertificate certificate_ = relay_certificate();
  Wire relay_wire_, member_wire_;
  RecordingOwner relay_owner_, member_owner_;
  std::unique_ptr<TlsContext> relay_tls_ = *TlsContext::for_relay(certificate_);
  std::unique_ptr<TlsContext> member_tls_;
  std::unique_ptr<Endpoint> relay_ =
      std::make_unique<Endpoint>(EndpointConfig{}, *relay_tls_, pool_, random_, relay_owner_, relay_wire_);
  std::unique_ptr<Endpoint> member_;
};

TEST_F(EndpointTest, ConnectsAndShowsTheMembersIdentity) {
  const KeyedCertificate identity = *generate_identity();
  member_.reset();
  member_tls_ = *TlsContext::for_member(identity, *certificate_to_der(certificate_.certificate_pem));
  member_ = std::make_unique<Endpoint>(EndpointConfig{}, *member_tls_, pool_, random_, member_owner_, member_wire_);
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

TEST_F(EndpointTest, RefusesARelayItWasNotToldToTrust) {
  use_trust(*certificate_to_der(relay_certificate().certificate_pem));
  dial();
  run(milliseconds(100));
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::untrusted);
  EXPECT_TRUE(relay_owner_.up.empty());
}

TEST_F(EndpointTest, RefusesARelayWithAnotherName) {
  dial("other.example");
  run(milliseconds(100));
  ASSERT_EQ(member_owner_.ends.size(), 1u);
  EXPECT_EQ(member_owner_.ends[0].fault, link::LinkFault::wrong_name);
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
  relay_ = std::make_unique<Endpoint>(config, *relay_tls_, pool_, random_, relay_owner_, relay_wire_);
  dial();
  run(milliseconds(50));
  EXPECT_EQ(relay_->connections(), 0u);
  EXPECT_GT(relay_->counters().refused_connections, 0u);
}

}  // namespace
}  // namespace softlan::quic
