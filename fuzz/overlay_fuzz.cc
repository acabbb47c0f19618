// Datagrams of one hostile leg: parsing, reassembly, every counter, and the way on of the frames that came out.
//
// Input: frames in the pool (1) | budget of the next leg (2) | steps: milliseconds to wait (1), size (2), a datagram of
// that size.

#include <algorithm>
#include <optional>
#include <vector>

#include "fuzz/reassembly_model.h"
#include "fuzz/target.h"
#include "link/leg.h"
#include "proto/budget.h"
#include "proto/ethernet.h"

namespace softlan::fuzz {
namespace {

using obs::DropReason;

// Sends a frame over a leg of `budget` bytes a datagram: it arrives once, as it was.
class NextLeg {
 public:
  // A frame takes as few parts as a reassembler accepts with any budget from 201 bytes on.
  explicit NextLeg(std::uint16_t wished_budget) : budget_(201 + wished_budget % 1400U) {}

  void carry(TimePoint now, PeerId sender, Bytes frame) {
    near_.push_frame(now, sender, pool_.copy(frame));
    std::size_t datagrams = 0, arrived = 0;
    while (const auto* next = near_.next(now, budget_)) {
      SOFTLAN_CHECK(next->size() <= budget_);
      std::vector<std::uint8_t> datagram(next->header().begin(), next->header().end());
      datagram.insert(datagram.end(), next->body.begin(), next->body.end());
      near_.sent();
      ++datagrams;
      const auto incoming = far_.on_datagram(now, datagram);
      SOFTLAN_CHECK(incoming.drop == DropReason::none);
      if (!incoming.ready) continue;
      ++arrived;
      SOFTLAN_CHECK(incoming.received.sender == sender);
      SOFTLAN_CHECK(std::ranges::equal(incoming.received.frame.bytes(), frame));
    }
    SOFTLAN_CHECK(arrived == 1 && near_.idle() && pool_.in_use() == 0);
    SOFTLAN_CHECK(datagrams == proto::datagrams_needed(frame.size(), budget_));
  }

 private:
  std::size_t budget_;
  FramePool pool_{8};
  link::Leg near_{pool_, {}};
  link::Leg far_{pool_, {}};
};

class HostileLeg {
 public:
  HostileLeg(std::size_t frames, std::uint16_t next_budget) : max_frames_(frames), pool_(frames), next_(next_budget) {}

  void wait(Duration time) { now_ += time; }

  void receive(Bytes datagram) {
    const Outcome wanted = expect(datagram);
    const auto incoming = leg_.on_datagram(now_, datagram);
    expected_.datagrams += wanted.drop == DropReason::filler ? 0 : 1;
    SOFTLAN_CHECK(incoming.drop == wanted.drop);
    if (incoming.drop != DropReason::none) expected_.drop(incoming.drop);
    SOFTLAN_CHECK(incoming.ready == (wanted.is_echo || wanted.frame));
    if (incoming.ready) SOFTLAN_CHECK(incoming.received.is_echo == wanted.is_echo);
    if (wanted.frame) take(incoming.received, *wanted.frame);
    SOFTLAN_CHECK(leg_.next_deadline() == kNever || leg_.next_deadline() <= now_ + proto::Reassembler::kTimeout);
  }

  // What is unfinished is given up in time, every buffer comes back, and every datagram is accounted for.
  void end() {
    SOFTLAN_CHECK(pool_.in_use() == model_.unfinished());
    now_ += proto::Reassembler::kTimeout;
    leg_.on_deadline(now_);
    model_.give_up_late(now_);
    expected_.drop(DropReason::reassembly_timeout, model_.given_up());
    const obs::DirectionCounters& counted = leg_.counters().in;
    SOFTLAN_CHECK(leg_.next_deadline() == kNever && pool_.in_use() == 0);
    SOFTLAN_CHECK(counted.datagrams == expected_.datagrams && counted.frames == expected_.frames);
    SOFTLAN_CHECK(counted.bytes == expected_.bytes && counted.drops == expected_.drops);
  }

 private:
  struct Outcome {
    DropReason drop = DropReason::none;
    bool is_echo = false;
    std::optional<std::vector<std::uint8_t>> frame = {};
  };

  [[nodiscard]] bool has_buffer() const { return pool_.in_use() < max_frames_; }

  Outcome expect(Bytes bytes) {
    const auto [datagram, fault] = proto::parse_overlay(bytes);
    if (fault != proto::OverlayFault::none) return {DropReason::malformed_datagram};
    switch (datagram.header.kind) {
      case proto::OverlayKind::frame:
        if (!has_buffer()) return {DropReason::no_buffer};
        return {.frame = std::vector(datagram.body.begin(), datagram.body.end())};
      case proto::OverlayKind::fragment:
        return expect_fragment(datagram);
      case proto::OverlayKind::echo:
        return {.is_echo = true};
      case proto::OverlayKind::filler:
        break;
    }
    return {DropReason::filler};
  }

  Outcome expect_fragment(const proto::OverlayDatagram& datagram) {
    // What is late leaves its buffers before a new frame asks for one.
    leg_.on_deadline(now_);
    auto answer =
        model_.add(now_, datagram.header.sender, datagram.fragment, datagram.body, [this] { return has_buffer(); });
    switch (answer.outcome) {
      case proto::FragmentOutcome::waiting:
        return {};
      case proto::FragmentOutcome::complete:
        return {.frame = std::move(answer.frame)};
      case proto::FragmentOutcome::duplicate:
        return {DropReason::duplicate_fragment};
      case proto::FragmentOutcome::no_buffer:
        return {DropReason::no_buffer};
      case proto::FragmentOutcome::malformed:
        break;
    }
    return {DropReason::malformed_fragment};
  }

  void take(const link::Received& received, Bytes wanted) {
    const Bytes frame = received.frame.bytes();
    SOFTLAN_CHECK(frame.size() >= proto::kEthernetHeaderSize && frame.size() <= kMaxFrameSize);
    SOFTLAN_CHECK(std::ranges::equal(frame, wanted));
    ++expected_.frames;
    expected_.bytes += frame.size();
    next_.carry(now_, received.sender, frame);
  }

  TimePoint now_{};
  std::size_t max_frames_;
  FramePool pool_;
  link::Leg leg_{pool_, {}};
  ReassemblyModel model_;
  obs::DirectionCounters expected_;
  NextLeg next_;
};

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  softlan::fuzz::Input input(data, size);
  const std::size_t frames = input.u8() % 48U;
  softlan::fuzz::HostileLeg leg(frames, input.u16());
  while (!input.empty()) {
    leg.wait(std::chrono::milliseconds(input.u8()));
    leg.receive(input.bytes(input.u16()));
  }
  leg.end();
  return 0;
}
