// Fixed-size buffers for Ethernet frames, handed out by counted reference.
//
// A frame is copied into a buffer once, when it enters the process, and is immutable from the moment a second
// reference exists; a broadcast to 250 members shares one buffer. Buffers are recycled, never freed before the
// pool; memory grows in slabs up to `max_frames` and then acquire() answers an empty reference (drop reason
// no_buffer). One thread only; no allocation once warm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"

namespace softlan {

class FramePool;

// Largest LAN frame carried: 14 bytes of header, two VLAN tags, 1500 bytes of payload (IEEE 802.3, no FCS).
inline constexpr std::size_t kMaxFrameSize = 1522;

namespace detail {
struct FrameBuffer {
  std::uint32_t references = 0;
  std::uint16_t size = 0;
  FramePool* pool = nullptr;
  FrameBuffer* next_free = nullptr;
  std::uint8_t data[kMaxFrameSize];
};
}  // namespace detail

// A counted reference to one pooled frame, or empty.
class FrameRef {
 public:
  FrameRef() = default;
  FrameRef(const FrameRef& other) : buffer_(other.buffer_) {
    if (buffer_) ++buffer_->references;
  }
  FrameRef(FrameRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  FrameRef& operator=(FrameRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~FrameRef() { reset(); }

  void reset();
  explicit operator bool() const { return buffer_ != nullptr; }
  [[nodiscard]] std::size_t size() const { return buffer_->size; }
  [[nodiscard]] Bytes bytes() const { return {buffer_->data, buffer_->size}; }

  // The same bytes in a buffer of their own, to be changed; empty when the pool is at its bound.
  [[nodiscard]] FrameRef copy() const;

  // Only while this is the sole reference.
  [[nodiscard]] MutableBytes mutable_bytes() {
    SOFTLAN_CHECK(buffer_->references == 1);
    return {buffer_->data, buffer_->size};
  }
  // `size` <= kMaxFrameSize; bytes beyond the old size are undefined. Only while this is the sole reference.
  void resize(std::size_t size) {
    SOFTLAN_CHECK(buffer_->references == 1 && size <= kMaxFrameSize);
    buffer_->size = static_cast<std::uint16_t>(size);
  }

 private:
  friend class FramePool;
  explicit FrameRef(detail::FrameBuffer* buffer) : buffer_(buffer) {}
  detail::FrameBuffer* buffer_ = nullptr;
};

class FramePool {
 public:
  explicit FramePool(std::size_t max_frames) : max_frames_(max_frames) {}
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;
  ~FramePool();

  // A buffer of `size` undefined bytes, or empty when `size` > kMaxFrameSize or the pool is at its bound.
  [[nodiscard]] FrameRef acquire(std::size_t size);
  // A copy of `bytes`, under the same conditions.
  [[nodiscard]] FrameRef copy(Bytes bytes);

  [[nodiscard]] std::size_t in_use() const { return in_use_; }

 private:
  friend class FrameRef;
  void release(detail::FrameBuffer* buffer);
  void grow();

  std::size_t max_frames_;
  std::size_t in_use_ = 0;
  std::size_t allocated_ = 0;
  detail::FrameBuffer* free_ = nullptr;
  std::vector<std::unique_ptr<detail::FrameBuffer[]>> slabs_;
};

inline FrameRef FrameRef::copy() const { return buffer_->pool->copy(bytes()); }

inline void FrameRef::reset() {
  if (buffer_ && --buffer_->references == 0) buffer_->pool->release(buffer_);
  buffer_ = nullptr;
}

}  // namespace softlan
