#include "proto/fragment.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "proto/ethernet.h"

namespace softlan::proto {

std::size_t next_part_size(std::size_t remaining, std::size_t budget) {
  if (remaining == 0 || budget <= kFragmentHeaderSize) return 0;
  const std::size_t room = budget - kFragmentHeaderSize;
  const std::size_t parts = (remaining + room - 1) / room;
  return (remaining + parts - 1) / parts;
}

namespace {

bool lies_in_a_frame(const FragmentHeader& header, Bytes part) {
  return !part.empty() && header.total >= kEthernetHeaderSize && header.total <= kMaxFrameSize &&
         header.offset + part.size() <= header.total;
}

}  // namespace

Reassembler::Result Reassembler::add(TimePoint now, PeerId sender, const FragmentHeader& header, Bytes part) {
  give_up_late(now);
  if (!lies_in_a_frame(header, part)) return {FragmentOutcome::malformed, sender, {}};

  std::size_t index = find(sender, header.frame_id);
  if (index == unfinished_) {
    if (!open(now, sender, header)) return {FragmentOutcome::no_buffer, sender, {}};
    index = unfinished_ - 1;
  }
  Result result{place(partials_[index], header, part), sender, {}};
  if (result.outcome == FragmentOutcome::complete) result.frame = std::move(partials_[index].frame);
  if (result.outcome == FragmentOutcome::complete || result.outcome == FragmentOutcome::malformed) remove(index);
  return result;
}

std::size_t Reassembler::expire(TimePoint now) {
  give_up_late(now);
  return std::exchange(given_up_, 0);
}

TimePoint Reassembler::next_deadline() const { return unfinished_ == 0 ? kNever : partials_[0].started + kTimeout; }

std::size_t Reassembler::find(PeerId sender, std::uint16_t frame_id) const {
  const auto* const end = partials_.data() + unfinished_;
  const auto* const it = std::find_if(partials_.data(), end, [&](const Partial& partial) {
    return partial.frame_id == frame_id && partial.sender == sender;
  });
  return static_cast<std::size_t>(it - partials_.data());
}

// Makes the last place a new, empty frame; false when there is no buffer for it.
bool Reassembler::open(TimePoint now, PeerId sender, const FragmentHeader& header) {
  if (unfinished_ == kMaxFrames) {
    remove(0);
    ++given_up_;
  }
  FrameRef frame = pool_.acquire(header.total);
  if (!frame) return false;
  partials_[unfinished_++] = {std::move(frame), sender, header.frame_id, 0, 0, {}, now};
  return true;
}

FragmentOutcome Reassembler::place(Partial& partial, const FragmentHeader& header, Bytes part) {
  if (header.total != partial.frame.size()) return FragmentOutcome::malformed;

  const Interval added{header.offset, static_cast<std::uint16_t>(header.offset + part.size())};
  std::size_t known = 0;
  for (std::size_t i = 0; i < partial.parts; ++i) {
    const std::size_t begin = std::max(added.begin, partial.intervals[i].begin);
    const std::size_t end = std::min(added.end, partial.intervals[i].end);
    if (begin < end) known += end - begin;
  }
  if (known == part.size()) return FragmentOutcome::duplicate;
  if (known != 0 || partial.parts == kMaxParts) return FragmentOutcome::malformed;

  partial.intervals[partial.parts++] = added;
  std::memcpy(partial.frame.mutable_bytes().data() + header.offset, part.data(), part.size());
  partial.received = static_cast<std::uint16_t>(partial.received + part.size());
  return partial.received == header.total ? FragmentOutcome::complete : FragmentOutcome::waiting;
}

void Reassembler::remove(std::size_t index) {
  const auto at = partials_.begin() + static_cast<std::ptrdiff_t>(index);
  const auto end = partials_.begin() + static_cast<std::ptrdiff_t>(unfinished_);
  std::move(at + 1, end, at);
  partials_[--unfinished_].frame.reset();
}

void Reassembler::give_up_late(TimePoint now) {
  while (unfinished_ != 0 && now - partials_[0].started >= kTimeout) {
    remove(0);
    ++given_up_;
  }
}

}  // namespace softlan::proto
