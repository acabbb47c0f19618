// A frame with a virtio-net header as a LAN's packet socket gives it: finished checksums, and super-frames cut into
// segments that a host would accept.
//
// Input: flags (1) | GSO type (1) | GSO size (2) | checksum start (2) and offset (2) | padding (2) | frame. Up to 8191
// bytes of pattern follow the frame as padding, so that a small input can be a large super-frame.

#include <algorithm>
#include <optional>
#include <vector>

#include "fuzz/target.h"
#include "proto/offload.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::SegmentFault;
using proto::VirtioNetHeader;
using proto::test::Frame;
using proto::test::plain_sum;

class Collector final : public proto::FrameSink {
 public:
  void on_frame(FrameRef frame) override {
    SOFTLAN_CHECK(frame.size() <= kMaxFrameSize);
    frames.emplace_back(frame.bytes().begin(), frame.bytes().end());
  }
  std::vector<Frame> frames;
};

bool needs_checksum(const VirtioNetHeader& header) { return (header.flags & VirtioNetHeader::kNeedsChecksum) != 0; }

// `frame` with its checksum finished in the plainest way, or nothing when the header does not fit it.
std::optional<Frame> finished(Frame frame, const VirtioNetHeader& header) {
  const std::size_t field = std::size_t{header.checksum_start} + header.checksum_offset;
  if (field + 2 > frame.size()) return {};
  const std::uint32_t sum = plain_sum(Bytes(frame).subspan(header.checksum_start));
  store_be16(&frame[field], static_cast<std::uint16_t>(sum == 0xffff ? 0xffff : ~sum));
  return frame;
}

void check_plain(const Frame& frame, const VirtioNetHeader& header, SegmentFault fault, const Collector& out) {
  const auto wanted = needs_checksum(header) ? finished(frame, header) : frame;
  if (frame.size() > kMaxFrameSize)
    SOFTLAN_CHECK(fault == SegmentFault::too_long);
  else
    SOFTLAN_CHECK((fault == SegmentFault::none) == wanted.has_value());
  if (fault == SegmentFault::none) SOFTLAN_CHECK(out.frames.size() == 1 && out.frames[0] == *wanted);
}

// Where the parts of a super-frame are, in bytes from its start.
struct Layout {
  proto::FrameView view;
  std::size_t network = 0, transport = 0, payload = 0, end = 0;
  bool v4 = false, tcp = false;
};

Layout layout_of(const Frame& frame, const VirtioNetHeader& header) {
  Layout at;
  at.view = proto::parse_frame(frame).value();
  at.v4 = at.view.ethertype == proto::ethertype::ipv4;
  at.tcp = (header.gso_type & ~VirtioNetHeader::kGsoEcn) != VirtioNetHeader::kGsoUdpL4;
  at.network = frame.size() - at.view.payload.size();
  at.end = at.network + (at.v4 ? load_be16(&frame[at.network + 2]) : 40U + load_be16(&frame[at.network + 4]));
  if (!at.v4 && needs_checksum(header))
    at.transport = header.checksum_start;
  else
    at.transport =
        static_cast<std::size_t>(proto::parse_transport(at.view).value().header.data() - at.view.bytes.data());
  at.payload = at.transport + (at.tcp ? (frame[at.transport + 12] >> 4) * 4U : 8U);
  return at;
}

void check_segment(const Layout& at, const Frame& segment) {
  const std::size_t ip_size = segment.size() - at.network;
  if (at.v4) {
    SOFTLAN_CHECK(load_be16(&segment[at.network + 2]) == ip_size);
    const std::size_t header_size = (segment[at.network] & 0x0fU) * 4U;
    SOFTLAN_CHECK(plain_sum(Bytes(segment).subspan(at.network, header_size)) == 0xffff);
  } else {
    SOFTLAN_CHECK(load_be16(&segment[at.network + 4]) == ip_size - 40);
  }
  const Bytes transport = Bytes(segment).subspan(at.transport);
  if (!at.tcp) SOFTLAN_CHECK(load_be16(&transport[4]) == transport.size());
  Frame pseudo;
  proto::test::append(pseudo, Bytes(segment).subspan(at.network + (at.v4 ? 12 : 8), at.v4 ? 8 : 32));
  proto::test::append_be32(pseudo, static_cast<std::uint32_t>(transport.size()));
  proto::test::append_be32(pseudo, at.tcp ? 6 : 17);
  SOFTLAN_CHECK(plain_sum(transport, plain_sum(pseudo)) == 0xffff);
}

// Every byte of the payload is there once and in order, in segments that are valid packets.
void check_segments(const Frame& frame, const VirtioNetHeader& header, const Collector& out) {
  const Layout at = layout_of(frame, header);
  std::size_t offset = at.payload;
  for (const Frame& segment : out.frames) {
    const Bytes slice = Bytes(segment).subspan(at.payload);
    SOFTLAN_CHECK(slice.size() <= header.gso_size && offset + slice.size() <= at.end);
    SOFTLAN_CHECK(std::ranges::equal(slice, Bytes(frame).subspan(offset, slice.size())));
    if (at.tcp) {
      const auto passed = static_cast<std::uint32_t>(offset - at.payload);
      SOFTLAN_CHECK(load_be32(&segment[at.transport + 4]) == load_be32(&frame[at.transport + 4]) + passed);
    }
    check_segment(at, segment);
    offset += slice.size();
  }
  SOFTLAN_CHECK(!out.frames.empty() && offset == at.end);
}

void check_ordinary(const Frame& frame, const VirtioNetHeader& header) {
  FramePool pool(8);
  Collector out;
  Frame work = frame;
  const SegmentFault fault = proto::make_ordinary(work, header, pool, out);
  SOFTLAN_CHECK(pool.in_use() == 0 && fault != SegmentFault::no_buffer);
  if (fault != SegmentFault::none) SOFTLAN_CHECK(out.frames.empty());
  if ((header.gso_type & ~VirtioNetHeader::kGsoEcn) == VirtioNetHeader::kGsoNone)
    check_plain(frame, header, fault, out);
  else if (fault == SegmentFault::none)
    check_segments(frame, header, out);
}

void check_finish(const Frame& frame, const VirtioNetHeader& header) {
  Frame work = frame;
  const bool fits = proto::finish_checksum(work, header);
  const auto wanted = finished(frame, header);
  SOFTLAN_CHECK(fits == wanted.has_value());
  SOFTLAN_CHECK(work == wanted.value_or(frame));
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  softlan::fuzz::Input input(data, size);
  softlan::proto::VirtioNetHeader header;
  header.flags = input.u8();
  header.gso_type = input.u8();
  header.gso_size = input.u16();
  header.checksum_start = input.u16();
  header.checksum_offset = input.u16();
  const std::size_t padding = input.u16() % 8192U;
  const softlan::Bytes head = input.rest();
  softlan::proto::test::Frame frame(head.begin(), head.end());
  softlan::proto::test::append(frame, softlan::proto::test::pattern(padding));

  softlan::fuzz::check_finish(frame, header);
  softlan::fuzz::check_ordinary(frame, header);
  return 0;
}
