// Reassembly as docs/PROTOCOL.md tells it, written in the plainest way, to judge proto::Reassembler by.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "proto/fragment.h"

namespace softlan::fuzz {

class ReassemblyModel {
 public:
  struct Answer {
    proto::FragmentOutcome outcome = proto::FragmentOutcome::waiting;
    std::vector<std::uint8_t> frame;  // when complete
  };

  // `fragment` has been parsed, so it lies in its frame. `has_buffer` says whether a new frame would get one.
  Answer add(TimePoint now, PeerId sender, const proto::FragmentHeader& fragment, Bytes part, auto has_buffer) {
    using enum proto::FragmentOutcome;
    give_up_late(now);
    auto it = find(sender, fragment.frame_id);
    if (it == unfinished_.end()) {
      if (unfinished_.size() == proto::Reassembler::kMaxFrames)
        give_up_oldest();
      else if (!has_buffer())
        return {no_buffer, {}};
      it = unfinished_.insert(unfinished_.end(), Frame(sender, fragment, now));
    }
    const Answer answer = place(*it, fragment, part);
    if (answer.outcome == complete || answer.outcome == malformed) unfinished_.erase(it);
    return answer;
  }

  void give_up_late(TimePoint now) {
    while (!unfinished_.empty() && now - unfinished_.front().started >= proto::Reassembler::kTimeout) give_up_oldest();
  }

  [[nodiscard]] std::size_t unfinished() const { return unfinished_.size(); }
  [[nodiscard]] std::uint64_t given_up() const { return given_up_; }

 private:
  struct Frame {
    Frame(PeerId from, const proto::FragmentHeader& fragment, TimePoint now)
        : sender(from), id(fragment.frame_id), started(now), bytes(fragment.total), here(fragment.total) {}

    PeerId sender;
    std::uint16_t id;
    TimePoint started;
    std::vector<std::uint8_t> bytes;
    std::vector<bool> here;
    std::size_t parts = 0;
  };

  static Answer place(Frame& frame, const proto::FragmentHeader& fragment, Bytes part) {
    using enum proto::FragmentOutcome;
    if (fragment.total != frame.bytes.size()) return {malformed, {}};
    const auto begin = frame.here.begin() + fragment.offset;
    const auto end = begin + static_cast<std::ptrdiff_t>(part.size());
    const auto known = static_cast<std::size_t>(std::count(begin, end, true));
    if (known == part.size()) return {duplicate, {}};
    if (known != 0 || ++frame.parts > proto::Reassembler::kMaxParts) return {malformed, {}};
    std::fill(begin, end, true);
    std::ranges::copy(part, frame.bytes.begin() + fragment.offset);
    const bool whole = std::ranges::find(frame.here, false) == frame.here.end();
    return whole ? Answer{complete, frame.bytes} : Answer{waiting, {}};
  }

  std::vector<Frame>::iterator find(PeerId sender, std::uint16_t id) {
    return std::ranges::find_if(unfinished_, [&](const Frame& f) { return f.sender == sender && f.id == id; });
  }

  void give_up_oldest() {
    unfinished_.erase(unfinished_.begin());
    ++given_up_;
  }

  std::vector<Frame> unfinished_;  // oldest first
  std::uint64_t given_up_ = 0;
};

}  // namespace softlan::fuzz
