// What a frame costs inside the relay: from the packets a socket delivered to the packets a socket is given.
//
//   relay/SIZE/TARGETS    the whole relay; a broadcast when TARGETS > 1; every frame comes in a packet of its own
//   backlog/SIZE/TARGETS  the same when the sender has a backlog, so that small frames share packets
//   mixed/TARGETS         the same with frames of many sizes
//   quic/SIZE             the same endpoint and two members, but no relay core: each frame goes to the other member
//   .../threads:N         as many relays, each on a thread of its own, as the workers of one program are
//
// Every iteration gives the relay one batch of 64 packets, beside acknowledgements of what it sent before. Only the
// relay's turn is timed, in processor time: reading and answering acknowledgements and the copy that stands for
// sendmmsg included.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <ctime>
#include <vector>

#include "alloc/allocations.h"
#include "proto/test_frames.h"
#include "relay/relay.h"
#include "support/memory_party.h"

namespace softlan {
namespace {

constexpr std::size_t kBatch = 64;  // packets
constexpr int kWarmUpTurns = 300;   // congestion windows have grown, pools and rings are full-size

enum class Arrival { alone, backlog };
using Frames = std::vector<std::vector<std::uint8_t>>;

// Sizes as they meet in the queue of somebody who copies in both directions and plays.
constexpr std::array<std::size_t, 8> kManySizes{1350, 66, 66, 1350, 120, 1350, 500, 900};

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
std::size_t send_batch(test::MemoryParty& party, const Frames& frames, Arrival arrival) {
  constexpr std::size_t kPacketRoom = 1440;
  constexpr std::size_t kDatagramHeaders = 7;  // QUIC's frame header and the overlay's
  std::size_t sent = 0;
  for (std::size_t packets = 0, room = kPacketRoom; packets < kBatch;) {
    const std::vector<std::uint8_t>& frame = frames[sent++ % frames.size()];
    party.send(0, frame);
    if (arrival == Arrival::alone) {
      party.flush(0);
      ++packets;
    } else if (room < 2 * (frame.size() + kDatagramHeaders)) {
      ++packets;
      room = kPacketRoom;
    } else {
      room -= frame.size() + kDatagramHeaders;
    }
  }
  return sent;
}

void measure(benchmark::State& state, link::LinkOwner& relay, std::span<const std::size_t> sizes, std::size_t targets,
             Arrival arrival) {
  test::MemoryParty party(relay, targets + 1);
  if (!party.settle()) return state.SkipWithError("not everybody is connected");
  const proto::Mac to = targets == 1 ? party.member(1).mac() : proto::test::kBroadcastMac;
  Frames frames_to_send;
  for (const std::size_t size : sizes) frames_to_send.push_back(make_frame(size, to, party.member(0).mac()));
  for (int i = 0; i < kWarmUpTurns; ++i) {
    send_batch(party, frames_to_send, arrival);
    party.members_turn();
    party.relay_turn();
  }

  const std::uint64_t before = party.member(1).frames();
  const std::uint64_t messages_before = party.relay_messages();
  test::Allocations allocated;
  std::uint64_t sent = 0;
  std::chrono::nanoseconds total{};
  for (auto _ : state) {
    sent += send_batch(party, frames_to_send, arrival);
    party.members_turn();
    const test::Allocations allocations_before = test::allocations();
    const auto start = processor_time();
    party.relay_turn();
    const auto taken = processor_time() - start;
    allocated += test::allocations() - allocations_before;
    total += taken;
    state.SetIterationTime(std::chrono::duration<double>(taken).count());
  }
  if (party.member(1).frames() - before != sent) return state.SkipWithError("not every frame arrived");
  const auto frames = static_cast<double>(sent);
  const auto copies = frames * static_cast<double>(targets);
  const auto average = [](double value) { return benchmark::Counter(value, benchmark::Counter::kAvgThreads); };
  const auto messages = static_cast<double>(party.relay_messages() - messages_before);
  state.counters["ns/frame"] = average(static_cast<double>(total.count()) / frames);
  state.counters["ns/copy"] = average(static_cast<double>(total.count()) / copies);
  state.counters["copies/call"] = average(copies / messages);
  state.counters["new/frame"] = average(static_cast<double>(allocated.ours) / frames);
  state.counters["malloc/frame"] = average(static_cast<double>(allocated.libraries) / frames);
}

void through_the_relay(benchmark::State& state, std::span<const std::size_t> sizes, std::size_t targets,
                       Arrival arrival) {
  obs::Log log = obs::Log::quiet();
  relay::RelayConfig config;
  config.rules.max_seats = relay::kMaxSeats;
  config.rules.limits = {.client = {}, .gateway = {}, .broadcast_kind_per_second = 0};
  relay::Door door = relay::Door::passless();
  relay::Relay relay(config, door, log);
  measure(state, relay, sizes, targets, arrival);
}

void relay(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  through_the_relay(state, {&size, 1}, static_cast<std::size_t>(state.range(1)), Arrival::alone);
}
void backlog(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  through_the_relay(state, {&size, 1}, static_cast<std::size_t>(state.range(1)), Arrival::backlog);
}
void mixed(benchmark::State& state) {
  through_the_relay(state, kManySizes, static_cast<std::size_t>(state.range(0)), Arrival::backlog);
}
void quic(benchmark::State& state) {
  Cable cable;
  const auto size = static_cast<std::size_t>(state.range(0));
  measure(state, cable, {&size, 1}, 1, Arrival::alone);
}

BENCHMARK(quic)->Arg(1350)->Arg(100)->UseManualTime();
BENCHMARK(relay)->ArgsProduct({{1350, 100}, {1, 8, 32, 249}})->UseManualTime();
BENCHMARK(backlog)->ArgsProduct({{100}, {1, 8, 32, 249}})->UseManualTime();
BENCHMARK(mixed)->Arg(1)->Arg(8)->UseManualTime();
BENCHMARK(relay)->Args({1350, 1})->ThreadRange(2, 4)->UseManualTime();

}  // namespace
}  // namespace softlan

BENCHMARK_MAIN();
