// Splitting a frame over several datagrams of one leg, and putting it together again at the other end.
//
// A frame is split at the moment of sending, into the fewest parts the leg's budget allows and these as equal as can
// be (docs/PROTOCOL.md, "Fragments"). Parts carry byte offsets, so a frame whose budget falls in mid-frame is simply
// cut smaller from there on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/frame_pool.h"
#include "base/time.h"
#include "proto/overlay.h"

namespace softlan::proto {

// Size of the next part of a frame of which `remaining` bytes are unsent, when one datagram may hold `budget` bytes:
// remaining / ceil(remaining / room), rounded up, where room = budget - kFragmentHeaderSize; 0 when no byte fits.
[[nodiscard]] std::size_t next_part_size(std::size_t remaining, std::size_t budget);

// What came of one fragment.
enum class FragmentOutcome : std::uint8_t {
  waiting,    // accepted, frame not complete
  complete,   // `frame` is whole
  duplicate,  // all of these bytes were here already
  malformed,  // itself bad; or it overlaps others partly, disagrees about the total or is one part too many, and
              // then the whole frame is given up with it
  no_buffer,  // pool empty
};

// Reassembly for one peer: bounded in frames, bytes and time. When full, or when a part of a newer frame needs the
// place, the oldest unfinished frame is given up and counted. `now` must not go backwards. No allocation.
class Reassembler {
 public:
  static constexpr std::size_t kMaxFrames = 32;  // unfinished at once; 32 * 1522 bytes
  static constexpr std::size_t kMaxParts = 8;    // of one frame
  static constexpr Duration kTimeout = std::chrono::milliseconds(200);

  struct Result {
    FragmentOutcome outcome = FragmentOutcome::waiting;
    PeerId sender = kRelayPeer;
    FrameRef frame;  // when complete
  };

  explicit Reassembler(FramePool& pool) : pool_(pool) {}

  [[nodiscard]] Result add(TimePoint now, PeerId sender, const FragmentHeader& header, Bytes part);
  // Gives up frames older than kTimeout; returns how many (also those displaced by add() since the last call).
  [[nodiscard]] std::size_t expire(TimePoint now);
  // When expire() next has work, or kNever.
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  struct Interval {
    std::uint16_t begin = 0;
    std::uint16_t end = 0;
  };
  struct Partial {
    FrameRef frame;
    PeerId sender = kRelayPeer;
    std::uint16_t frame_id = 0;
    std::uint16_t received = 0;  // bytes
    std::uint8_t parts = 0;
    std::array<Interval, kMaxParts> intervals;  // of the parts, disjoint, in order of arrival
    TimePoint started{};
  };

  [[nodiscard]] std::size_t find(PeerId sender, std::uint16_t frame_id) const;
  [[nodiscard]] bool open(TimePoint now, PeerId sender, const FragmentHeader& header);
  [[nodiscard]] FragmentOutcome place(Partial& partial, const FragmentHeader& header, Bytes part);
  void remove(std::size_t index);
  void give_up_late(TimePoint now);

  FramePool& pool_;
  std::array<Partial, kMaxFrames> partials_;  // the first `unfinished_` are in use, oldest first
  std::size_t unfinished_ = 0;
  std::size_t given_up_ = 0;
};

}  // namespace softlan::proto
