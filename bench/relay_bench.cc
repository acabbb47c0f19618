// What a frame costs inside the relay: from the packets a socket delivered to the packets a socket is given.
//
//   relay/SIZE/TARGETS    the whole relay; a broadcast when TARGETS > 1; every frame comes in a packet of its own
//   backlog/SIZE/TARGETS  the same when the sender has a backlog, so that small frames share packets
//   quic/SIZE             the same endpoint and two members, but no relay core: each frame goes to the other member
//
// Every iteration gives the relay one batch of 64 packets, beside acknowledgements of what it sent before. Only the
// relay's turn is timed, in processor time: reading and answering acknowledgements and the copy that stands for
// sendmmsg included.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <ctime>
#include <vector>

#include "proto/test_frames.h"
#include "relay/relay.h"
#include "support/memory_party.h"

namespace softlan {
namespace {

constexpr std::size_t kBatch = 64;  // packets
constexpr int kWarmUpTurns = 300;   // congestion windows have grown, pools and rings are full-size

enum class Arrival { alone, backlog };

// Of this thread, so that other programs of the machine disturb less.
std::chrono::nanoseconds processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// In the relay's place: a cable between the first two links.
class Cable final : public link::LinkOwner {
 public:
  void on_link_up(TimePoint, link::Link& link) override {
    if (used_ < ends_.size()) ends_[used_++] = &link;
  }
  void on_link_down(TimePoint, link::Link&, const link::LinkEnd&) override {}
  void on_control(TimePoint, link::Link&, Bytes) override {}
  void on_received(TimePoint now, std::span<link::Received> received) override {
    for (link::Received& one : received) {
      link::Link* other = one.from == ends_[0] ? ends_[1] : ends_[0];
      other->send_frame(now, kRelayPeer, std::move(one.frame));
    }
  }
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason) override {}
  void on_budget(TimePoint, link::Link&, std::size_t) override {}

 private:
  std::array<link::Link*, 2> ends_{};
  std::size_t used_ = 0;
};

std::vector<std::uint8_t> make_frame(std::size_t size, const proto::Mac& to, const proto::Mac& from) {
  constexpr std::size_t kHeaders = 14 + 20 + 8;  // Ethernet, IPv4, UDP
  return proto::test::ipv4_udp(to, from, {.payload = proto::test::pattern(size - kHeaders)});
}

// The first member's turn to send: as many frames as make a batch of packets; returns how many.
std::size_t send_batch(test::MemoryParty& party, const std::vector<std::uint8_t>& frame, Arrival arrival) {
  constexpr std::size_t kPacketRoom = 1440;
  constexpr std::size_t kDatagramHeaders = 7;  // QUIC's frame header and the overlay's
  const std::size_t per_packet = arrival == Arrival::backlog ? kPacketRoom / (frame.size() + kDatagramHeaders) : 1;
  const std::size_t frames = kBatch * per_packet;
  for (std::size_t i = 0; i < frames; ++i) {
    party.send(0, frame);
    if (arrival == Arrival::alone) party.flush(0);
  }
  return frames;
}

void measure(benchmark::State& state, link::LinkOwner& relay, std::size_t size, std::size_t targets, Arrival arrival) {
  test::MemoryParty party(relay, targets + 1);
  if (!party.settle()) return state.SkipWithError("not everybody is connected");
  const proto::Mac to = targets == 1 ? party.member(1).mac() : proto::test::kBroadcastMac;
  const std::vector<std::uint8_t> frame = make_frame(size, to, party.member(0).mac());
  for (int i = 0; i < kWarmUpTurns; ++i) {
    send_batch(party, frame, arrival);
    party.members_turn();
    party.relay_turn();
  }

  const std::uint64_t before = party.member(1).frames();
  std::uint64_t sent = 0;
  std::chrono::nanoseconds total{};
  for (auto _ : state) {
    sent += send_batch(party, frame, arrival);
    party.members_turn();
    const auto start = processor_time();
    party.relay_turn();
    const auto taken = processor_time() - start;
    total += taken;
    state.SetIterationTime(std::chrono::duration<double>(taken).count());
  }
  if (party.member(1).frames() - before != sent) return state.SkipWithError("not every frame arrived");
  const double nanoseconds = static_cast<double>(total.count());
  state.counters["ns/frame"] = nanoseconds / static_cast<double>(sent);
  state.counters["ns/copy"] = nanoseconds / static_cast<double>(sent * targets);
}

void through_the_relay(benchmark::State& state, Arrival arrival) {
  obs::Log log = obs::Log::quiet();
  relay::RelayConfig config;
  config.rules.limits = {.client = {}, .gateway = {}, .broadcast_kind_per_second = 0};
  relay::Door door = relay::Door::passless();
  relay::Relay relay(config, door, log);
  measure(state, relay, static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), arrival);
}

void relay(benchmark::State& state) { through_the_relay(state, Arrival::alone); }
void backlog(benchmark::State& state) { through_the_relay(state, Arrival::backlog); }
void quic(benchmark::State& state) {
  Cable cable;
  measure(state, cable, static_cast<std::size_t>(state.range(0)), 1, Arrival::alone);
}

BENCHMARK(quic)->Arg(1350)->Arg(100)->UseManualTime();
BENCHMARK(relay)->ArgsProduct({{1350, 100}, {1, 8, 32}})->UseManualTime();
BENCHMARK(backlog)->ArgsProduct({{100}, {1, 8, 32}})->UseManualTime();

}  // namespace
}  // namespace softlan

BENCHMARK_MAIN();
