#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <new>

#include "proto/test_frames.h"
#include "relay/traffic.h"

namespace {
std::size_t allocations = 0;
}

// Counted for this whole program, so that "no allocation" can be observed.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace softlan::relay {
namespace {

using namespace proto::test;

// A link that forgets what it is given.
class Sink final : public link::Link {
 public:
  void send_frame(TimePoint, PeerId, FrameRef) override { ++frames; }
  void send_echo(TimePoint, PeerId, const proto::Echo&) override { ++echoes; }
  bool send_control(Bytes) override { return true; }
  void close(link::CloseCode, std::string_view) override {}
  void set_keep_alive(Duration) override {}
  const link::Fingerprint& peer_identity() const override { return identity_; }
  const link::ChannelBinding& channel_binding() const override { return binding_; }
  SocketAddress peer_address() const override { return {}; }
  link::LinkStats stats() const override { return {}; }
  const obs::Counters& counters() const override { return counters_; }

  int frames = 0;
  int echoes = 0;

 private:
  link::Fingerprint identity_;
  link::ChannelBinding binding_{};
  obs::Counters counters_;
};

TEST(TrafficAllocation, AForwardedFrameCostsNone) {
  constexpr std::uint8_t kGateway = 32;
  std::array<Sink, kGateway> links;
  Room room("ROOM1");
  for (std::uint8_t number = 1; number <= kGateway; ++number) {
    Seat member;
    member.role = number == kGateway ? ctrl::Role::gateway : ctrl::Role::client;
    member.mac = test_mac(number);
    member.link = &links[number - 1U];
    room.join(std::move(member), PeerId{number});
  }
  obs::Log log = obs::Log::quiet();
  Traffic traffic(log);
  FramePool pool(8);
  Seat& client = *room.find(PeerId{1});
  Seat& gateway = *room.find(PeerId{kGateway});
  const std::array from_client = {
      pool.copy(ipv4_udp(test_mac(2), test_mac(1))), pool.copy(ipv4_udp(kBroadcastMac, test_mac(1))),
      pool.copy(ipv4_udp(test_mac(200), test_mac(1))), pool.copy(ipv4_udp(test_mac(2), test_mac(3))),
      pool.copy(ipv4_tcp(test_mac(2), test_mac(1), {.flags = 0x02, .options = {2, 4, 0x05, 0xb4}}))};
  const FrameRef from_lan = pool.copy(ipv4_udp(test_mac(1), test_mac(100)));

  const std::size_t before = allocations;
  for (int i = 0; i < 1000; ++i) {
    for (const FrameRef& frame : from_client) traffic.forward(TimePoint{}, room, client, frame);
    traffic.forward(TimePoint{}, room, gateway, from_lan);
    Traffic::pass_echo(TimePoint{}, room, client, {.target = gateway.id, .cookie = 1, .reply = false});
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(links[0].frames, 1000);
  EXPECT_EQ(links[1].frames, 3000);
  EXPECT_EQ(links[kGateway - 1].frames, 2000);
  EXPECT_EQ(links[kGateway - 1].echoes, 20);
}

}  // namespace
}  // namespace softlan::relay
