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

constexpr std::uint16_t kTcpChecksumAt = 16;
constexpr std::uint16_t kUdpChecksumAt = 6;

constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpPsh = 0x08;
constexpr std::uint8_t kTcpCwr = 0x80;

// A super-frame taken apart: where things are, in bytes from its start.
struct SuperFrame {
  MutableBytes bytes;         // without what follows the IP packet
  std::size_t network = 0;    // the IP header
  std::size_t transport = 0;  // the TCP or UDP header
  std::size_t payload = 0;
  bool v6 = false;
  bool tcp = false;
};

// One piece of a super-frame's payload.
struct Slice {
  std::size_t index = 0;
  std::size_t offset = 0;  // from the payload's start
  std::size_t size = 0;
  bool last = false;
};

// What the segments' headers have in common is left in the super-frame, with blanks for the rest. The sums are over
// what is left, so that a segment adds no more than its own fields.
struct Template {
  std::uint16_t id = 0;  // IPv4
  std::uint32_t sequence = 0;
  std::uint8_t flags = 0;
  std::uint32_t ip_sum = 0;         // IPv4
  std::uint32_t transport_sum = 0;  // with the pseudo header, but for the length
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

std::optional<SuperFrame> take_apart(MutableBytes bytes, const VirtioNetHeader& header) {
  const std::uint8_t kind = gso_kind(header);
  const auto frame = parse_frame(bytes);
  if (!frame || (frame->ethertype != ethertype::ipv4 && frame->ethertype != ethertype::ipv6)) return {};

  SuperFrame super;
  super.v6 = frame->ethertype == ethertype::ipv6;
  super.tcp = kind != VirtioNetHeader::kGsoUdpL4;
  if (kind == VirtioNetHeader::kGsoTcp4 && super.v6) return {};
  if (kind == VirtioNetHeader::kGsoTcp6 && !super.v6) return {};

  const Bytes packet = ip_packet(*frame);
  super.network = bytes.size() - frame->payload.size();
  super.bytes = bytes.first(super.network + packet.size());
  super.transport = find_transport(*frame, header, super.network, super.tcp ? protocol::tcp : protocol::udp);
  if (packet.empty() || super.transport == 0) return {};

  const std::size_t smallest = super.tcp ? kTcpHeaderSize : kUdpHeaderSize;
  if (super.transport + smallest > super.bytes.size()) return {};
  const std::size_t header_size =
      super.tcp ? (super.bytes[super.transport + 12] >> 4) * std::size_t{4} : kUdpHeaderSize;
  super.payload = super.transport + header_size;
  if (header_size < smallest || super.payload > super.bytes.size()) return {};
  return super;
}

// The pseudo header's sum, without the length (RFC 9293, section 3.1; RFC 8200, section 8.1).
std::uint32_t pseudo_header_sum(const SuperFrame& super) {
  const Bytes addresses =
      super.v6 ? super.bytes.subspan(super.network + 8, 32) : super.bytes.subspan(super.network + 12, 8);
  return checksum_add(super.tcp ? protocol::tcp : protocol::udp, addresses);
}

Template make_template(const SuperFrame& super) {
  Template made;
  if (!super.v6) {
    std::uint8_t* ip = &super.bytes[super.network];
    made.id = load_be16(ip + 4);
    store_be32(ip + 2, 0);  // length and id
    store_be16(ip + 10, 0);
    made.ip_sum = checksum_add(0, {ip, (ip[0] & 0x0fU) * std::size_t{4}});
  }
  std::uint8_t* transport = &super.bytes[super.transport];
  if (super.tcp) {
    made.sequence = load_be32(transport + 4);
    made.flags = transport[13];
    store_be32(transport + 4, 0);
    transport[13] = 0;
    store_be16(transport + kTcpChecksumAt, 0);
  } else {
    store_be32(transport + 4, 0);  // length and checksum
  }
  made.transport_sum = checksum_add(pseudo_header_sum(super), {transport, super.payload - super.transport});
  return made;
}

void fill_ip(const Template& common, const SuperFrame& super, const Slice& slice, MutableBytes segment) {
  std::uint8_t* ip = &segment[super.network];
  const auto size = static_cast<std::uint16_t>(segment.size() - super.network);
  if (super.v6) return store_be16(ip + 4, static_cast<std::uint16_t>(size - kIpv6HeaderSize));
  const auto id = static_cast<std::uint16_t>(common.id + slice.index);
  store_be16(ip + 2, size);
  store_be16(ip + 4, id);
  store_be16(ip + 10, checksum_fold(common.ip_sum + size + id));
}

std::uint8_t flags_of(const Template& common, const Slice& slice) {
  std::uint8_t cleared = 0;
  if (!slice.last) cleared |= kTcpFin | kTcpPsh;
  if (slice.index > 0) cleared |= kTcpCwr;
  return static_cast<std::uint8_t>(common.flags & ~cleared);
}

// `sum` is that of the template and the payload.
void fill_transport(const Template& common, const SuperFrame& super, const Slice& slice, std::uint32_t sum,
                    MutableBytes segment) {
  std::uint8_t* transport = &segment[super.transport];
  const auto length = static_cast<std::uint16_t>(segment.size() - super.transport);
  sum += length;
  if (super.tcp) {
    const std::uint32_t sequence = common.sequence + static_cast<std::uint32_t>(slice.offset);
    const std::uint8_t flags = flags_of(common, slice);
    store_be32(transport + 4, sequence);
    transport[13] = flags;
    store_be16(transport + kTcpChecksumAt, checksum_fold(sum + (sequence >> 16) + (sequence & 0xffff) + flags));
    return;
  }
  const std::uint16_t value = checksum_fold(sum + length);
  store_be16(transport + 4, length);
  store_be16(transport + kUdpChecksumAt, value == 0 ? 0xffff : value);  // 0 means "none" (RFC 768)
}

// Headers and one slice of the payload, made an ordinary frame.
FrameRef build_segment(const Template& common, const SuperFrame& super, const Slice& slice, FramePool& pool) {
  FrameRef frame = pool.acquire(super.payload + slice.size);
  if (!frame) return frame;
  const MutableBytes segment = frame.mutable_bytes();
  std::memcpy(segment.data(), super.bytes.data(), super.payload);
  const Bytes payload = super.bytes.subspan(super.payload + slice.offset, slice.size);
  const std::uint32_t sum = checksum_copy(common.transport_sum, payload, segment.data() + super.payload);
  fill_ip(common, super, slice, segment);
  fill_transport(common, super, slice, sum, segment);
  return frame;
}

SegmentFault cut(MutableBytes bytes, const VirtioNetHeader& header, FramePool& pool, FrameSink& sink) {
  const auto super = take_apart(bytes, header);
  if (!super || header.gso_size == 0) return SegmentFault::bad_header;
  const std::size_t total = super->bytes.size() - super->payload;
  if (super->payload + std::min<std::size_t>(total, header.gso_size) > kMaxFrameSize) return SegmentFault::too_long;

  const Template common = make_template(*super);
  Slice slice;
  do {
    slice.size = std::min<std::size_t>(header.gso_size, total - slice.offset);
    slice.last = slice.offset + slice.size == total;
    FrameRef segment = build_segment(common, *super, slice, pool);
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
