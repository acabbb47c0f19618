// Gateway and client against everything a LAN, a TAP or a room can hold.
#include <gmock/gmock.h>

#include <array>
#include <functional>

#include "hostile/strange_relay_world.h"
#include "proto/offload.h"

namespace softlan::hostile {
namespace {

using obs::DropReason;
using proto::test::Frame;
using proto::test::ip;
using proto::test::kBroadcastMac;
using proto::test::test_mac;

const proto::Mac kOwnMac = test_mac(1);
const proto::Mac kMember = test_mac(3);

Frame first_bytes(const Frame& frame, std::size_t size) {
  return {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)};
}

// Frames cut short at every length, that are no frames, or that say what they should not; from `source`.
std::vector<Frame> odd_frames(const proto::Mac& source) {
  std::vector<Frame> odd;
  const std::vector<Frame> whole = {
      proto::test::ipv4_udp(kMember, source),
      proto::test::ipv6_udp(kMember, source),
      proto::test::ipv4_tcp(kMember, source),
      proto::test::arp(source, ip("192.0.2.1"), ip("192.0.2.2")),
      proto::test::llc(kBroadcastMac, source),
      proto::test::dhcp_server_message(source),
      proto::test::router_advertisement(source),
      proto::test::vlan(proto::test::vlan(proto::test::ipv4_udp(kMember, source), 5), 6,
                        proto::ethertype::service_vlan),
      proto::test::vlan(proto::test::vlan(proto::test::vlan(proto::test::ipv4_udp(kMember, source), 5), 6), 7)};
  for (const Frame& frame : whole) {
    for (std::size_t size = 0; size <= frame.size(); ++size) odd.push_back(first_bytes(frame, size));
  }
  for (const std::size_t size : {0, 1, 13, 14, 15, 17, 18, 60, 1514, 1522}) {
    odd.emplace_back(size, std::uint8_t{0});
    odd.emplace_back(size, std::uint8_t{0xff});
  }
  return odd;
}

Frame random_frame(Random& random, std::span<const proto::Mac> sources) {
  static constexpr std::uint16_t kTypes[] = {0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x8808, 0x88b5, 0, 1500, 1536};
  Frame frame(random.below(10) == 0 ? random.below(40) : random.below(kMaxFrameSize + 1));
  random.fill(frame);
  if (frame.size() < 14) return frame;
  if (random.below(3) != 0) sources[random.below(sources.size())].store(&frame[6]);
  if (random.below(3) == 0) kMember.store(&frame[0]);
  if (random.below(3) == 0) kBroadcastMac.store(&frame[0]);
  if (random.below(3) != 0) store_be16(&frame[12], kTypes[random.below(std::size(kTypes))]);
  if (frame.size() > 20 && random.below(3) == 0) frame[14] = random.below(2) == 0 ? 0x45 : 0x4f;
  return frame;
}

// A member with a seat in a room of clients 3 and 4 and the gateway 2; its frames are of a pool that can be looked at.
class OddFrames : public testing::Test {
 protected:
  explicit OddFrames(ctrl::Role role) : story_(session::test::config_of(role), member(role)) {
    client_.attach(story_.session);
    gateway_.attach(story_.session);
    story_.start_seated(session::test::welcome());
    story_.say(session::test::client_peer(3));
    story_.say(session::test::client_peer(4));
    if (role == ctrl::Role::client) story_.say(session::test::gateway_peer());
    story_.link().take();
    port_.written = 0;
  }

  void from_tap(const Frame& frame) {
    std::array<FrameRef, 1> batch = {pool_.copy(frame)};
    client_.on_tap_frames(story_.now, batch);
    story_.link().take();
  }
  void from_lan(FrameRef frame) {
    gateway_.on_lan_frames(story_.now, {&frame, 1});
    story_.link().take();
  }
  void from_lan(const Frame& frame) { from_lan(pool_.copy(frame)); }
  void from_room(session::Member& to, PeerId sender, const Frame& frame) {
    std::array<link::Received, 1> batch;
    batch[0].sender = sender;
    batch[0].frame = pool_.copy(frame);
    to.on_frames(story_.now, batch);
  }
  // Every frame is passed on or dropped under one reason, and no buffer is kept.
  void expect_all_accounted_for(const obs::DirectionCounters& counters, std::uint64_t given) {
    EXPECT_EQ(counters.frames + counters.dropped_total(), given);
    EXPECT_EQ(pool_.in_use(), 0u);
  }

  static constexpr int kMany = 100'000;
  SeededRandom random_{11};
  FramePool pool_{64};
  CountingPort port_;
  client::Bridge client_{kOwnMac, port_};
  obs::Log log_ = obs::Log::quiet();
  gateway::Bridge gateway_{{}, pool_, port_, log_};
  session::test::Story story_;

 private:
  session::Member& member(ctrl::Role role) {
    if (role == ctrl::Role::gateway) return gateway_;
    return client_;
  }
};

class OddFramesAtAClient : public OddFrames {
 protected:
  OddFramesAtAClient() : OddFrames(ctrl::Role::client) {}
};

TEST_F(OddFramesAtAClient, FromTheTapAreAllAccountedFor) {
  std::uint64_t given = 0;
  for (const proto::Mac& source : {kOwnMac, kMember, proto::Mac{}, kBroadcastMac}) {
    for (const Frame& frame : odd_frames(source)) from_tap(frame), ++given;
  }
  const obs::DirectionCounters& in = client_.counters().in;
  EXPECT_GT(in.dropped(DropReason::runt), 0u);
  EXPECT_GT(in.dropped(DropReason::forged_source), 0u);
  EXPECT_GT(in.frames, 0u);
  expect_all_accounted_for(in, given);
}

TEST_F(OddFramesAtAClient, FromTheTapInNumbersAreAllAccountedFor) {
  const std::array sources = {kOwnMac, kMember, proto::Mac{}};
  for (int i = 0; i < kMany; ++i) from_tap(random_frame(random_, sources));
  expect_all_accounted_for(client_.counters().in, kMany);
}

TEST_F(OddFramesAtAClient, FromTheRoomAreAllAccountedFor) {
  const std::array sources = {kOwnMac, kMember, proto::Mac{}};
  for (int i = 0; i < kMany; ++i) from_room(client_, PeerId{3}, random_frame(random_, sources));
  const obs::DirectionCounters& out = client_.counters().out;
  EXPECT_GT(out.dropped(DropReason::runt), 0u);
  EXPECT_GT(out.dropped(DropReason::reflected), 0u);
  EXPECT_EQ(out.frames, port_.written);
  expect_all_accounted_for(out, kMany);
}

class OddFramesAtAGateway : public OddFrames {
 protected:
  OddFramesAtAGateway() : OddFrames(ctrl::Role::gateway) {}
};

TEST_F(OddFramesAtAGateway, FromTheLanAreAllAccountedFor) {
  std::uint64_t given = 0;
  for (const proto::Mac& source : {test_mac(101), kMember, proto::Mac{}, kBroadcastMac}) {
    for (const Frame& frame : odd_frames(source)) from_lan(frame), ++given;
  }
  const obs::DirectionCounters& in = gateway_.counters().in;
  EXPECT_GT(in.dropped(DropReason::runt), 0u);
  EXPECT_GT(in.dropped(DropReason::invalid_source), 0u);
  EXPECT_GT(in.dropped(DropReason::member_on_lan), 0u);
  EXPECT_GT(in.frames, 0u);
  expect_all_accounted_for(in, given);
}

TEST_F(OddFramesAtAGateway, FromTheLanInNumbersAreAllAccountedFor) {
  const std::array sources = {test_mac(101), test_mac(102), kMember, proto::Mac{}};
  for (int i = 0; i < kMany; ++i) from_lan(random_frame(random_, sources));
  expect_all_accounted_for(gateway_.counters().in, kMany);
}

TEST_F(OddFramesAtAGateway, FromTheRoomAreAllAccountedFor) {
  const std::array sources = {kMember, test_mac(4), kOwnMac};
  for (int i = 0; i < kMany; ++i) from_room(gateway_, PeerId{3}, random_frame(random_, sources));
  const obs::DirectionCounters& out = gateway_.counters().out;
  EXPECT_GT(out.dropped(DropReason::forged_source), 0u);
  EXPECT_EQ(out.frames, port_.written);
  expect_all_accounted_for(out, kMany);
}

// What the kernel may hand over beside a frame: an offload header of any content.
class CollectingSink final : public proto::FrameSink {
 public:
  explicit CollectingSink(std::function<void(FrameRef)> give) : give_(std::move(give)) {}
  void on_frame(FrameRef frame) override { give_(std::move(frame)); }

 private:
  std::function<void(FrameRef)> give_;
};

TEST_F(OddFramesAtAGateway, BehindOffloadHeadersOfAnyContentBecomeOrdinaryFramesOrNone) {
  const std::array sources = {test_mac(101)};
  std::uint64_t given = 0;
  CollectingSink sink([&](FrameRef frame) {
    ++given;
    from_lan(std::move(frame));
  });
  static constexpr std::uint8_t kKinds[] = {0, 1, 3, 4, 5, 0x81, 0x84, 77};
  for (int i = 0; i < kMany; ++i) {
    Frame frame = random_frame(random_, sources);
    if (random_.below(4) == 0) frame.resize(random_.below(20000));
    const proto::VirtioNetHeader header{
        .flags = static_cast<std::uint8_t>(random_.below(4)),
        .gso_type = kKinds[random_.below(std::size(kKinds))],
        .header_length = static_cast<std::uint16_t>(random_.below(200)),
        .gso_size = static_cast<std::uint16_t>(random_.below(3) == 0 ? random_.below(4) : random_.below(1600)),
        .checksum_start = static_cast<std::uint16_t>(random_.below(200)),
        .checksum_offset = static_cast<std::uint16_t>(random_.below(30))};
    (void)proto::make_ordinary(frame, header, pool_, sink);
  }
  EXPECT_GT(given, 0u);
  expect_all_accounted_for(gateway_.counters().in, given);
}

}  // namespace
}  // namespace softlan::hostile
