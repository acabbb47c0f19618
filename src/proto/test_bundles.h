// What a receiver makes of the Coalescer's bundles, for its tests and its fuzz target.
#pragma once

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "proto/coalesce.h"
#include "proto/offload.h"
#include "proto/test_frames.h"

namespace softlan::proto::test {

inline Frame bytes_of(const FrameRef& frame) { return {frame.bytes().begin(), frame.bytes().end()}; }

inline std::vector<Frame> frames_of(const Bundle& bundle) {
  std::vector<Frame> frames;
  for (const FrameRef* frame : bundle.frames) frames.push_back(bytes_of(*frame));
  return frames;
}

// All that is written for it.
inline std::pair<VirtioNetHeader, Frame> written(const Bundle& bundle) {
  Frame bytes;
  for (const Bytes piece : bundle.pieces) append(bytes, piece);
  VirtioNetHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  bytes.erase(bytes.begin(), bytes.begin() + sizeof(header));
  return {header, bytes};
}

// The frames that leave a card, or a kernel that has to do a card's work; none when it refuses.
inline std::vector<Frame> cut_again(const Bundle& bundle) {
  class Collector final : public FrameSink {
   public:
    void on_frame(FrameRef frame) override { frames.push_back(bytes_of(frame)); }
    std::vector<Frame> frames;
  };
  auto [header, frame] = written(bundle);
  FramePool pool(4);
  Collector collector;
  if (make_ordinary(frame, header, pool, collector) != SegmentFault::none) return {};
  return collector.frames;
}

}  // namespace softlan::proto::test
