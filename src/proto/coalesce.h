// Makes super-frames of consecutive TCP segments, the way back of make_ordinary(): what the kernel is given as one it
// takes through its stack as one, and the card or the kernel's last step cuts it again (TSO, GSO).
//
//   frames   A1 B1 A2 u A3 B2        two bulk flows, and a game's datagram
//   bundles  [A1 A2 A3] [B1 B2] u    one write each
//
// A segment joins a run only when cutting gives back its very bytes, which includes that its checksums are right. That
// leaves alone IPv4 packets that do not count their ids, though to cut those differently would harm nobody (RFC 6864).
// A frame never overtakes one of its own flow. Nothing is kept from call to call, so nothing waits for more to come.
// Pure; no allocation once constructed, 80 KB. Sources: virtio 1.2, section 5.1.6.2; Linux net/ipv4/tcp_offload.c.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/frame_pool.h"

namespace softlan::proto {

// One thing to write, all pieces at once: a virtio-net header, then a frame.
struct Bundle {
  std::span<const Bytes> pieces;
  std::span<const FrameRef* const> frames;  // what it is made of, in order; more than one: a super-frame
};

class Coalescer {
 public:
  static constexpr std::size_t kMostFrames = 256;

  // Frames over `longest` stay alone, so that the kernel can refuse them; an 802.1Q tag does not count.
  explicit Coalescer(std::size_t longest = kMaxFrameSize);
  Coalescer(Coalescer&&) noexcept;
  Coalescer& operator=(Coalescer&&) noexcept;
  ~Coalescer();

  // From now on every frame leaves with this tag in front of its own.
  void put_tag(std::uint16_t type, std::uint16_t tci);
  // From now on every frame leaves by itself.
  void stop();
  [[nodiscard]] bool stopped() const;

  // What to write for `frames`, of which there are kMostFrames at most. Valid until the next call and as long as they.
  [[nodiscard]] std::span<const Bundle> bundle(std::span<const FrameRef> frames);

  // The pieces of one frame by itself; some may be empty.
  [[nodiscard]] std::array<Bytes, 4> alone(const FrameRef& frame) const;

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace softlan::proto
