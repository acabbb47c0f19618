// The relay against packets and handshakes that are not what they should be.
#include <gmock/gmock.h>

#include "hostile/relay_world.h"
#include "hostile/words.h"

namespace softlan::hostile {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::SizeIs;

class HostileHandshake : public RelayWorld {
 protected:
  explicit HostileHandshake(const quic::EndpointConfig& endpoint = {}) : RelayWorld({}, endpoint) {}

  // A peer that must not get in, and is soon forgotten; what its connection ended with.
  RawEnd refused(RawConfig config) {
    RawPeer& peer = dial(std::move(config));
    run(milliseconds(50));
    EXPECT_TRUE(peer.end());
    EXPECT_EQ(endpoint_.connections(), 0u);
    EXPECT_EQ(relay_.waiting(), 0u);
    EXPECT_EQ(endpoint_.counters().failed_handshakes, 1u);
    return peer.end().value_or(RawEnd{});
  }
};

TEST_F(HostileHandshake, AnEmptyPacketIsCountedAsJunk) {
  inject({});
  EXPECT_EQ(endpoint_.counters().junk_packets, 1u);
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileHandshake, GarbageIsCountedAsJunkOrUnknown) {
  constexpr std::uint64_t kPackets = 20000;
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    Bytestring junk(random_.below(1473));
    random_.fill(junk);
    inject(junk);
    wire_.packets.clear();
  }
  const quic::EndpointCounters& counters = endpoint_.counters();
  EXPECT_EQ(counters.packets, kPackets);
  EXPECT_EQ(counters.junk_packets + counters.unknown_connections + counters.version_negotiations, kPackets);
  EXPECT_EQ(endpoint_.connections(), 0u);
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileHandshake, BrokenInitialsLeaveNothingBehind) {
  RawPeer& peer = dial();
  Packets initial;
  peer.write(now_, initial);
  ASSERT_THAT(initial, SizeIs(testing::Ge(1)));
  for (int i = 0; i < 2000; ++i) {
    Bytestring packet = initial[0].data;
    packet[random_.below(packet.size())] ^= static_cast<std::uint8_t>(1 + random_.below(255));
    if (random_.below(2) == 0) packet.resize(random_.below(packet.size() + 1));
    inject(packet);
    wire_.packets.clear();
  }
  forget(peer);
  run(seconds(6));
  EXPECT_EQ(endpoint_.connections(), 0u);
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileHandshake, AStrangerToOurVersionIsToldWhichOneIsSpoken) {
  Bytestring packet(1200, 0);
  packet[0] = 0xc0;
  store_be32(&packet[1], 0x1a2a3a4a);
  packet[5] = packet[14] = 8;
  inject(packet);
  EXPECT_EQ(endpoint_.counters().version_negotiations, 1u);
  ASSERT_THAT(wire_.packets, SizeIs(1));
  EXPECT_LT(wire_.packets[0].data.size(), 100u);
  inject(Bytes(packet).first(1199));
  EXPECT_EQ(endpoint_.counters().junk_packets, 1u);
  EXPECT_THAT(wire_.packets, SizeIs(1));
  EXPECT_EQ(endpoint_.connections(), 0u);
}

TEST_F(HostileHandshake, AnotherProtocolIsRefusedInTls) {
  const RawEnd end = refused({.alpn = "h3"});
  EXPECT_FALSE(end.by_application);
  EXPECT_EQ(end.code, 0x100u + 120u);  // CRYPTO_ERROR, no_application_protocol
}

TEST_F(HostileHandshake, AnUnknownKindOfKeyIsRefused) {
  const std::string name = "lanparty-relay.local";
  const quic::KeyedCertificate ecdsa = quic::generate_relay_certificate({&name, 1}, 1'780'000'000).value();
  EXPECT_FALSE(refused({.certificate = &ecdsa}).by_application);
}

TEST_F(HostileHandshake, AnonymousPeersAreRefused) {
  const quic::KeyedCertificate none;
  EXPECT_FALSE(refused({.certificate = &none}).by_application);
}

TEST_F(HostileHandshake, APeerThatTakesNoDatagramsIsRefused) { refused({.max_datagram = 0}); }

TEST_F(HostileHandshake, APeerThatTakesOnlySmallDatagramsIsRefused) { refused({.max_datagram = 1000}); }

TEST_F(HostileHandshake, WhoSaysNoHelloIsClosedAfterFiveSeconds) {
  RawPeer& silent = connect();
  run(milliseconds(4900));
  EXPECT_FALSE(silent.end());
  EXPECT_EQ(relay_.waiting(), 1u);
  run(milliseconds(200));
  ASSERT_TRUE(silent.end());
  EXPECT_TRUE(silent.end()->by_application);
  EXPECT_EQ(silent.end()->code, static_cast<std::uint64_t>(link::CloseCode::timeout));
  EXPECT_TRUE(logged("no hello in time"));
  EXPECT_EQ(endpoint_.connections(), 0u);
}

TEST_F(HostileHandshake, HalfAHelloCountsAsNone) {
  RawPeer& slow = connect();
  const Bytestring words = ctrl::encode(hello(1));
  for (std::size_t i = 0; i + 1 < words.size() && !slow.end(); ++i) {
    slow.say(Bytes(words).subspan(i, 1));
    run(milliseconds(40));
  }
  ASSERT_TRUE(slow.end());
  EXPECT_EQ(slow.end()->code, static_cast<std::uint64_t>(link::CloseCode::timeout));
}

TEST_F(HostileHandshake, AMemberWithLongConnectionIdsGetsItsFrames) {
  RawPeer& member = join(1, {.own_id_size = 20});
  RawPeer& other = join(2);
  run(seconds(2));
  for (std::size_t size = 1100; size <= 1522; ++size) {
    proto::test::Frame frame = proto::test::ethernet(proto::test::test_mac(1), proto::test::test_mac(2), 0x88b6,
                                                     proto::test::pattern(size - 14));
    const std::size_t half = size / 2;
    const proto::FragmentHeader first{
        .frame_id = static_cast<std::uint16_t>(size), .offset = 0, .total = static_cast<std::uint16_t>(size)};
    proto::FragmentHeader second = first;
    second.offset = static_cast<std::uint16_t>(half);
    other.send(fragment_datagram(first, Bytes(frame).first(half)));
    other.send(fragment_datagram(second, Bytes(frame).subspan(half)));
    run(milliseconds(2));
  }
  run(milliseconds(100));
  const link::Link& leg = *seat(1)->link;
  EXPECT_EQ(leg.counters().out.frames, 423u);
  EXPECT_EQ(leg.counters().out.dropped_total(), 0u);
  EXPECT_FALSE(member.end());
}

class HostileCrowd : public HostileHandshake {
 protected:
  static constexpr std::size_t kBound = 64;
  HostileCrowd() : HostileHandshake(bounded()) {}

  static quic::EndpointConfig bounded() {
    quic::EndpointConfig config;
    config.retry_threshold = kBound;
    return config;
  }
};

TEST_F(HostileCrowd, HalfSentHandshakesAreBoundedKeepNobodyOutAndAreGoneAfterTheirTime) {
  for (std::size_t i = 0; i < 3 * kBound; ++i) {
    RawPeer& peer = dial();
    Packets initial;
    peer.write(now_, initial);
    for (const Packet& packet : initial) inject(packet.data);
    forget(peer);
  }
  run(milliseconds(200));
  EXPECT_EQ(endpoint_.half_open(), kBound);
  EXPECT_EQ(endpoint_.counters().retries, 2 * kBound);
  EXPECT_TRUE(serves_newcomers());
  run(seconds(6));
  EXPECT_EQ(endpoint_.connections(), 0u);
  EXPECT_GE(endpoint_.counters().failed_handshakes, kBound);
  EXPECT_TRUE(serves_newcomers());
}

// Its keys are GnuTLS's, ours AesGcm's where the machine has that.
TEST_F(RelayWorld, FollowsAMemberThatChangesItsKeys) {
  RawPeer& member = join(1);
  RawPeer& other = join(2);
  const Bytestring frame = proto::test::ipv4_udp(proto::test::kBroadcastMac, proto::test::test_mac(1));
  const Bytestring back = proto::test::ipv4_udp(proto::test::kBroadcastMac, proto::test::test_mac(2));
  for (std::size_t change = 1; change <= 4; ++change) {
    run(seconds(1));
    member.change_keys(now_);
    member.send(frame_datagram(frame));
    run(milliseconds(20));
    other.send(frame_datagram(back));
    run(milliseconds(20));
    EXPECT_THAT(other.datagrams(), SizeIs(change));
    EXPECT_THAT(member.datagrams(), SizeIs(change));
  }
  EXPECT_TRUE(member.is_up());
}

}  // namespace
}  // namespace softlan::hostile
