// What a NIC would have done: finishing checksums and cutting super-frames, for frames that carry a virtio-net header
// (Linux include/uapi/linux/virtio_net.h; virtio 1.2, section 5.1.6).
//
// A packet socket on a Linux LAN receives TCP and UDP super-frames of up to 64 KiB (GRO) and frames whose transport
// checksum was left to the hardware (CHECKSUM_PARTIAL), and so does a TAP that has taken these offloads over. Both are
// made ordinary here, in pure functions. The way back: coalesce.h.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/frame_pool.h"
#include "proto/checksum.h"

namespace softlan::proto {

// struct virtio_net_hdr, ten bytes, host byte order, as read from the kernel.
struct VirtioNetHeader {
  static constexpr std::uint8_t kNeedsChecksum = 1;  // flags
  static constexpr std::uint8_t kGsoNone = 0, kGsoTcp4 = 1, kGsoUdp = 3, kGsoTcp6 = 4, kGsoUdpL4 = 5, kGsoEcn = 0x80;

  std::uint8_t flags = 0;
  std::uint8_t gso_type = kGsoNone;
  std::uint16_t header_length = 0;
  std::uint16_t gso_size = 0;
  std::uint16_t checksum_start = 0;   // from the start of the frame
  std::uint16_t checksum_offset = 0;  // from checksum_start
};
static_assert(sizeof(VirtioNetHeader) == 10);

// Writes the checksum the header asks for, over what follows `checksum_start` and the pseudo header's sum that the
// kernel left in the checksum's place; false when its offsets lie outside the frame.
[[nodiscard]] bool finish_checksum(MutableBytes frame, const VirtioNetHeader& header);

enum class SegmentFault : std::uint8_t {
  none,
  bad_header,   // the virtio-net header and the frame do not fit together
  unsupported,  // UDP fragmentation (UFO) or an offload nobody has heard of
  too_long,     // a frame or segment over kMaxFrameSize; nothing was delivered
  no_buffer,    // pool empty; the segments before may have been delivered
};

// Receives the ordinary frames, in order.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void on_frame(FrameRef frame) = 0;
};

// Turns what the kernel gave (`frame`, whose headers are changed) into one or more ordinary frames with correct
// IP lengths, ids, TCP sequence numbers and flags (PSH and FIN on the last, CWR on the first), and checksums.
// Handles TCPv4, TCPv6 and UDP segmentation (USO) over both, behind up to two VLAN tags and IPv6 extension headers, and
// plain frames with or without an unfinished checksum.
[[nodiscard]] SegmentFault make_ordinary(MutableBytes frame, const VirtioNetHeader& header, FramePool& pool,
                                         FrameSink& sink);

}  // namespace softlan::proto
