#include "base/frame_pool.h"

#include <algorithm>
#include <cstring>

namespace softlan {

namespace {
constexpr std::size_t kSlabFrames = 256;
}

FramePool::~FramePool() { SOFTLAN_CHECK(in_use_ == 0); }

FrameRef FramePool::acquire(std::size_t size) {
  if (size > kMaxFrameSize) return {};
  if (!free_) grow();
  if (!free_) return {};
  detail::FrameBuffer* buffer = free_;
  free_ = buffer->next_free;
  buffer->references = 1;
  buffer->size = static_cast<std::uint16_t>(size);
  ++in_use_;
  return FrameRef(buffer);
}

FrameRef FramePool::copy(Bytes bytes) {
  FrameRef frame = acquire(bytes.size());
  if (frame && !bytes.empty()) std::memcpy(frame.mutable_bytes().data(), bytes.data(), bytes.size());
  return frame;
}

void FramePool::release(detail::FrameBuffer* buffer) {
  buffer->next_free = free_;
  free_ = buffer;
  --in_use_;
}

void FramePool::grow() {
  const std::size_t count = std::min(kSlabFrames, max_frames_ - allocated_);
  if (count == 0) return;
  auto& slab = slabs_.emplace_back(new detail::FrameBuffer[count]);
  allocated_ += count;
  for (std::size_t i = 0; i < count; ++i) {
    slab[i].pool = this;
    slab[i].next_free = free_;
    free_ = &slab[i];
  }
}

}  // namespace softlan
