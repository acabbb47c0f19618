#include "proto/offload.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "proto/ethernet.h"

namespace softlan::proto {

namespace {

constexpr std::size_t kIpv4HeaderSize = 20;
constexpr std::size_t kIpv6HeaderSize = 40;
constexpr std::size_t kUdpHeaderSize = 8;
constexpr std::size_t kTcpHeaderSize = 20;

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint16_t kTcpChecksumAt = 16;
constexpr std::uint16_t kUdpChecksumAt = 6;

constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpPsh = 0x08;
constexpr std::uint8_t kTcpCwr = 0x80;

// A super-frame taken apart: where things are, in bytes from its start.
struct SuperFrame {
  Bytes bytes;                // without what follows the IP packet
  std::size_t network = 0;    // the IP header
  std::size_t transport = 0;  // the TCP or UDP header
  std::size_t payload = 0;
  bool v6 = false;
  std::uint8_t protocol = kTcp;
};

// One piece of a super-frame's payload.
struct Slice {
  std::size_t index = 0;
  std::size_t offset = 0;  // from the payload's start
  std::size_t size = 0;
  bool last = false;
};

std::uint8_t gso_kind(const VirtioNetHeader& header) {
  return static_cast<std::uint8_t>(header.gso_type & ~VirtioNetHeader::kGsoEcn);
}

// The IP packet inside its frame, by its own length; empty when its header is cut short or it claims more than there
// is.
Bytes ip_packet(const FrameView& frame) {
  const Bytes payload = frame.payload;
  std::size_t size = 0;
  if (frame.ethertype == ethertype::ipv4) {
    if (payload.size() < kIpv4HeaderSize) return {};
    size = load_be16(&payload[2]);
  } else {
    if (payload.size() < kIpv6HeaderSize) return {};
    size = kIpv6HeaderSize + load_be16(&payload[4]);
  }
  return size <= payload.size() ? payload.first(size) : Bytes{};
}

// Where the transport header begins: where the kernel says, else where a walk over the IP headers ends; 0 when neither
// makes sense.
std::size_t find_transport(const FrameView& frame, const VirtioNetHeader& header, std::size_t network,
                           std::uint8_t protocol) {
  const bool v6 = frame.ethertype == ethertype::ipv6;
  if (v6 && (header.flags & VirtioNetHeader::kNeedsChecksum) != 0) {
    const bool behind_ip = header.checksum_start >= network + kIpv6HeaderSize;
    return behind_ip ? header.checksum_start : 0;
  }
  const auto view = parse_transport(frame);
  if (!view || view->is_fragment || view->protocol != protocol) return 0;
  return static_cast<std::size_t>(view->header.data() - frame.bytes.data());
}

std::optional<SuperFrame> take_apart(Bytes bytes, const VirtioNetHeader& header) {
  const std::uint8_t kind = gso_kind(header);
  const auto frame = parse_frame(bytes);
  if (!frame || (frame->ethertype != ethertype::ipv4 && frame->ethertype != ethertype::ipv6)) return {};

  SuperFrame super;
  super.v6 = frame->ethertype == ethertype::ipv6;
  super.protocol = kind == VirtioNetHeader::kGsoUdpL4 ? kUdp : kTcp;
  if (kind == VirtioNetHeader::kGsoTcp4 && super.v6) return {};
  if (kind == VirtioNetHeader::kGsoTcp6 && !super.v6) return {};

  const Bytes packet = ip_packet(*frame);
  super.network = bytes.size() - frame->payload.size();
  super.bytes = bytes.first(super.network + packet.size());
  super.transport = find_transport(*frame, header, super.network, super.protocol);
  if (packet.empty() || super.transport == 0) return {};

  const bool tcp = super.protocol == kTcp;
  const std::size_t smallest = tcp ? kTcpHeaderSize : kUdpHeaderSize;
  if (super.transport + smallest > super.bytes.size()) return {};
  const std::size_t header_size = tcp ? (super.bytes[super.transport + 12] >> 4) * std::size_t{4} : kUdpHeaderSize;
  super.payload = super.transport + header_size;
  if (header_size < smallest || super.payload > super.bytes.size()) return {};
  return super;
}

// The pseudo header's sum, without the length (RFC 9293, section 3.1; RFC 8200, section 8.1).
std::uint32_t pseudo_header_sum(const SuperFrame& super) {
  const Bytes addresses =
      super.v6 ? super.bytes.subspan(super.network + 8, 32) : super.bytes.subspan(super.network + 12, 8);
  return checksum_add(super.protocol, addresses);
}

void patch_ip(const SuperFrame& super, const Slice& slice, MutableBytes segment) {
  std::uint8_t* ip = &segment[super.network];
  const std::size_t size = segment.size() - super.network;
  if (super.v6) {
    store_be16(ip + 4, static_cast<std::uint16_t>(size - kIpv6HeaderSize));
    return;
  }
  const std::size_t header_size = (ip[0] & 0x0fU) * 4;
  store_be16(ip + 2, static_cast<std::uint16_t>(size));
  store_be16(ip + 4, static_cast<std::uint16_t>(load_be16(ip + 4) + slice.index));
  store_be16(ip + 10, 0);
  store_be16(ip + 10, checksum_fold(checksum_add(0, {ip, header_size})));
}

void patch_tcp(const Slice& slice, std::uint8_t* tcp) {
  store_be32(tcp + 4, load_be32(tcp + 4) + static_cast<std::uint32_t>(slice.offset));
  std::uint8_t cleared = 0;
  if (!slice.last) cleared |= kTcpFin | kTcpPsh;
  if (slice.index > 0) cleared |= kTcpCwr;
  tcp[13] = static_cast<std::uint8_t>(tcp[13] & ~cleared);
}

void patch_transport(const SuperFrame& super, const Slice& slice, std::uint32_t pseudo_sum, MutableBytes segment) {
  const MutableBytes transport = segment.subspan(super.transport);
  const bool tcp = super.protocol == kTcp;
  const auto length = static_cast<std::uint16_t>(transport.size());
  if (tcp)
    patch_tcp(slice, transport.data());
  else
    store_be16(&transport[4], length);

  std::uint8_t* checksum = &transport[tcp ? kTcpChecksumAt : kUdpChecksumAt];
  store_be16(checksum, 0);
  const std::uint16_t value = checksum_fold(checksum_add(pseudo_sum + length, transport));
  store_be16(checksum, value == 0 && !tcp ? 0xffff : value);  // 0 in UDP means "none" (RFC 768)
}

// Headers and one slice of the payload, made an ordinary frame.
FrameRef build_segment(const SuperFrame& super, const Slice& slice, std::uint32_t pseudo_sum, FramePool& pool) {
  FrameRef frame = pool.acquire(super.payload + slice.size);
  if (!frame) return frame;
  const MutableBytes segment = frame.mutable_bytes();
  std::memcpy(segment.data(), super.bytes.data(), super.payload);
  if (slice.size > 0) {
    std::memcpy(segment.data() + super.payload, super.bytes.data() + super.payload + slice.offset, slice.size);
  }
  patch_ip(super, slice, segment);
  patch_transport(super, slice, pseudo_sum, segment);
  return frame;
}

SegmentFault cut(Bytes bytes, const VirtioNetHeader& header, FramePool& pool, FrameSink& sink) {
  const auto super = take_apart(bytes, header);
  if (!super || header.gso_size == 0) return SegmentFault::bad_header;
  const std::size_t total = super->bytes.size() - super->payload;
  if (super->payload + std::min<std::size_t>(total, header.gso_size) > kMaxFrameSize) return SegmentFault::too_long;

  const std::uint32_t pseudo_sum = pseudo_header_sum(*super);
  Slice slice;
  do {
    slice.size = std::min<std::size_t>(header.gso_size, total - slice.offset);
    slice.last = slice.offset + slice.size == total;
    FrameRef segment = build_segment(*super, slice, pseudo_sum, pool);
    if (!segment) return SegmentFault::no_buffer;
    sink.on_frame(std::move(segment));
    slice.offset += slice.size;
    ++slice.index;
  } while (!slice.last);
  return SegmentFault::none;
}

SegmentFault pass(MutableBytes frame, const VirtioNetHeader& header, FramePool& pool, FrameSink& sink) {
  if (frame.size() > kMaxFrameSize) return SegmentFault::too_long;
  const bool unfinished = (header.flags & VirtioNetHeader::kNeedsChecksum) != 0;
  if (unfinished && !finish_checksum(frame, header)) return SegmentFault::bad_header;
  FrameRef copy = pool.copy(frame);
  if (!copy) return SegmentFault::no_buffer;
  sink.on_frame(std::move(copy));
  return SegmentFault::none;
}

}  // namespace

bool finish_checksum(MutableBytes frame, const VirtioNetHeader& header) {
  const std::size_t start = header.checksum_start;
  const std::size_t field = start + header.checksum_offset;
  if (field + 2 > frame.size()) return false;
  const std::uint16_t value = checksum_fold(checksum_add(0, frame.subspan(start)));
  store_be16(&frame[field], value == 0 ? 0xffff : value);  // equal to 0, which UDP reads as "none" (RFC 768)
  return true;
}

SegmentFault make_ordinary(MutableBytes frame, const VirtioNetHeader& header, FramePool& pool, FrameSink& sink) {
  switch (gso_kind(header)) {
    case VirtioNetHeader::kGsoNone:
      return pass(frame, header, pool, sink);
    case VirtioNetHeader::kGsoTcp4:
    case VirtioNetHeader::kGsoTcp6:
    case VirtioNetHeader::kGsoUdpL4:
      return cut(frame, header, pool, sink);
    default:
      return SegmentFault::unsupported;
  }
}

}  // namespace softlan::proto
