// Heap allocations on the shipped frame path: members' endpoints, the relay's endpoint and its core, real QUIC and TLS.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "alloc/allocations.h"
#include "proto/test_frames.h"
#include "relay/relay.h"
#include "support/memory_party.h"

namespace softlan::test {
namespace {

using proto::test::ipv4_udp;
using proto::test::kBroadcastMac;
using proto::test::pattern;

constexpr std::size_t kMembers = 5;
constexpr int kWarmUpTurns = 200;
constexpr int kTurns = 200;
constexpr int kFramesPerTurn = 32;
constexpr std::size_t kFrameHeaders = 14 + 20 + 8;  // Ethernet, IPv4, UDP

relay::RelayConfig without_limits() {
  relay::RelayConfig config;
  config.rules.limits = {.client = {}, .gateway = {}, .broadcast_kind_per_second = 0};
  return config;
}

class FramePathAllocation : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(party_.settle());
    for (std::size_t i = 0; i < kMembers; ++i) ASSERT_TRUE(party_.member(i).welcome());
  }

  [[nodiscard]] proto::test::Frame frame(std::size_t size, const proto::Mac& to) {
    return ipv4_udp(to, party_.member(0).mac(), {.payload = pattern(size - kFrameHeaders)});
  }

  // The first member sends, everybody takes a turn; what the relay's turn allocated.
  Allocations turn(const proto::test::Frame& frame) {
    for (int i = 0; i < kFramesPerTurn; ++i) party_.send(0, frame);
    party_.members_turn();
    const Allocations before = allocations();
    party_.relay_turn();
    return allocations() - before;
  }

  void expect_none(const proto::test::Frame& frame) {
    for (int i = 0; i < kWarmUpTurns; ++i) turn(frame);
    const std::uint64_t frames_before = party_.member(1).frames();
    const Allocations before = allocations();
    Allocations relays;
    for (int i = 0; i < kTurns; ++i) relays += turn(frame);
    const Allocations all = allocations() - before;
    EXPECT_EQ(relays.ours, 0u) << "in the relay";
    EXPECT_EQ(all.ours, 0u) << "in relay and members";
    EXPECT_EQ(party_.member(1).frames() - frames_before, std::uint64_t{kTurns} * kFramesPerTurn);
    report(static_cast<double>(relays.libraries) / (kTurns * kFramesPerTurn));
  }

  static void report(double per_frame) {
    const std::string text = std::to_string(per_frame);
    RecordProperty("library_allocations_per_frame", text);
    std::cout << "library allocations per frame in the relay: " << text << '\n';
  }

  obs::Log log_ = obs::Log::quiet();
  relay::Door door_ = relay::Door::passless();
  relay::Relay relay_{without_limits(), door_, log_};
  MemoryParty party_{relay_, kMembers};
};

TEST_F(FramePathAllocation, TheHandshakesAreCounted) {
  EXPECT_GT(allocations().ours, 1000u);
  EXPECT_GT(allocations().libraries, 1000u);
}

TEST_F(FramePathAllocation, TheCountersTellOursFromTheLibraries) {
  const Allocations before = allocations();
  const auto made = std::make_unique<std::string>(100, 'x');
  void* volatile memory = std::malloc(10);
  std::free(memory);
  const Allocations seen = allocations() - before;
  EXPECT_EQ(seen.ours, 2u);
  EXPECT_EQ(seen.libraries, 1u);
}

TEST_F(FramePathAllocation, AFrameForOneMemberCostsNone) { expect_none(frame(1350, party_.member(1).mac())); }

TEST_F(FramePathAllocation, ASmallFrameForOneMemberCostsNone) { expect_none(frame(60, party_.member(1).mac())); }

TEST_F(FramePathAllocation, AFrameInPartsCostsNone) { expect_none(frame(kMaxFrameSize, party_.member(1).mac())); }

TEST_F(FramePathAllocation, AFrameForEverybodyCostsNone) { expect_none(frame(200, kBroadcastMac)); }

}  // namespace
}  // namespace softlan::test
