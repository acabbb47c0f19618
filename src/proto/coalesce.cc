#include "proto/coalesce.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "proto/checksum.h"
#include "proto/ethernet.h"
#include "proto/offload.h"

namespace softlan::proto {

namespace {

constexpr std::size_t kOpenRuns = 8;
constexpr std::size_t kLongestSuperFrame = 65'535;  // Linux cuts longer ones at once: GSO_LEGACY_MAX_SIZE
constexpr std::size_t kSmallestSegment = 256;       // of payload; for less it is not worth it

constexpr std::size_t kAddressesSize = 12;
constexpr std::size_t kTagSize = 4;
constexpr std::size_t kIpv4HeaderSize = 20;
constexpr std::size_t kIpv6HeaderSize = 40;
constexpr std::size_t kTcpHeaderSize = 20;
constexpr std::size_t kTcpChecksumAt = 16;
constexpr std::size_t kLongestHead = kEthernetHeaderSize + 3 * kTagSize + kIpv6HeaderSize + 60;  // 60: TCP's longest

constexpr std::uint8_t kTcpPsh = 0x08;
constexpr std::uint8_t kTcpAck = 0x10;

constexpr VirtioNetHeader kOrdinary;

Bytes bytes_of(const VirtioNetHeader& header) {
  return {reinterpret_cast<const std::uint8_t*>(&header), sizeof(header)};
}

// A TCP segment taken apart: where things are, in bytes from the frame's start.
struct Segment {
  Bytes frame;
  std::size_t network = 0, transport = 0, payload = 0;
  bool v6 = false;

  [[nodiscard]] const std::uint8_t* ip() const { return frame.data() + network; }
  [[nodiscard]] const std::uint8_t* tcp() const { return frame.data() + transport; }
  [[nodiscard]] std::size_t addresses_size() const { return v6 ? 32 : 8; }
  [[nodiscard]] std::size_t payload_size() const { return frame.size() - payload; }
  [[nodiscard]] bool pushes() const { return (tcp()[13] & kTcpPsh) != 0; }
};

enum class Kind : std::uint8_t {
  tcp,
  other,   // UDP: of another flow for certain
  unsure,  // a fragment, IP options, not IP: may belong to any flow
};

// `segment` is set for TCP, whose header is there at least without its options.
Kind take_apart(Bytes frame, Segment& segment) {
  const auto view = parse_frame(frame);
  if (!view || (view->ethertype != ethertype::ipv4 && view->ethertype != ethertype::ipv6)) return Kind::unsure;
  const Bytes packet = view->payload;
  const bool v6 = view->ethertype == ethertype::ipv6;
  const std::size_t header_size = v6 ? kIpv6HeaderSize : kIpv4HeaderSize;
  if (packet.size() < header_size) return Kind::unsure;
  const bool plain = v6 ? packet[0] >> 4 == 6 : packet[0] == 0x45 && (load_be16(&packet[6]) & 0x3fff) == 0;
  const std::uint8_t next = packet[v6 ? 6 : 9];
  if (plain && next == protocol::udp) return Kind::other;
  if (!plain || next != protocol::tcp || packet.size() < header_size + kTcpHeaderSize) return Kind::unsure;
  segment.frame = frame;
  segment.v6 = v6;
  segment.network = frame.size() - packet.size();
  segment.transport = segment.network + header_size;
  segment.payload = segment.transport + (segment.tcp()[12] >> 4) * std::size_t{4};
  return Kind::tcp;
}

// `sum` goes over the checksum as well. All ones would add up where a sender writes zero.
bool is_right(std::uint16_t checksum, std::uint32_t sum) { return checksum != 0xffff && checksum_fold(sum) == 0; }

// With no IP options the addresses, which the checksum covers too, stand right before the TCP header (RFC 9293, section
// 3.1; RFC 8200, section 8.1).
bool has_right_checksums(const Segment& segment) {
  const Bytes header = {segment.ip(), kIpv4HeaderSize};
  if (!segment.v6 && !is_right(load_be16(&header[10]), checksum_add(0, header))) return false;
  const Bytes covered = segment.frame.subspan(segment.transport - segment.addresses_size());
  const auto size = static_cast<std::uint32_t>(segment.frame.size() - segment.transport);
  return is_right(load_be16(segment.tcp() + kTcpChecksumAt), checksum_add(protocol::tcp + size, covered));
}

// Data and nothing else, which can be one of several.
bool is_regular(const Segment& segment) {
  const std::uint8_t* ip = segment.ip();
  const std::uint8_t* tcp = segment.tcp();
  const std::size_t packet_size = segment.v6 ? kIpv6HeaderSize + load_be16(ip + 4) : load_be16(ip + 2);
  return segment.network + packet_size == segment.frame.size() &&  // no padding
         segment.payload >= segment.transport + kTcpHeaderSize && segment.payload < segment.frame.size() &&
         (tcp[12] & 0x0f) == 0 && (tcp[13] & ~kTcpPsh) == kTcpAck && load_be16(tcp + 18) == 0 &&
         has_right_checksums(segment);
}

bool are_equal(const std::uint8_t* a, const std::uint8_t* b, std::size_t size) { return std::memcmp(a, b, size) == 0; }

bool same_flow(const Segment& a, const Segment& b) {
  const std::size_t size = a.addresses_size() + 4;  // with the ports
  return a.v6 == b.v6 && are_equal(a.tcp() + 4 - size, b.tcp() + 4 - size, size);
}

bool same_ethernet_header(const Segment& a, const Segment& b) {
  return a.network == b.network && are_equal(a.frame.data(), b.frame.data(), a.network);
}

bool same_ip_header(const Segment& a, const Segment& b, std::size_t ids_between) {
  const std::uint8_t* one = a.ip();
  const std::uint8_t* other = b.ip();
  if (a.v6) return are_equal(one, other, 4) && are_equal(one + 6, other + 6, 2);
  return are_equal(one, other, 2) && are_equal(one + 6, other + 6, 4) &&
         load_be16(other + 4) == static_cast<std::uint16_t>(load_be16(one + 4) + ids_between);
}

bool same_tcp_header(const Segment& a, const Segment& b, std::size_t bytes_between) {
  const std::uint8_t* one = a.tcp();
  const std::uint8_t* other = b.tcp();
  return a.payload == b.payload &&
         load_be32(other + 4) == load_be32(one + 4) + static_cast<std::uint32_t>(bytes_between) &&
         are_equal(one + 8, other + 8, 5) &&    // acknowledgement and size of the header
         are_equal(one + 14, other + 14, 2) &&  // window
         are_equal(one + kTcpHeaderSize, other + kTcpHeaderSize, a.payload - a.transport - kTcpHeaderSize);
}

// A bundle in the making: one frame, or several segments whose numbers are linked.
struct Run {
  Segment head;  // the first, if it is a segment
  std::uint16_t first = 0, last = 0, count = 1;
  std::size_t payload_size = 0;  // of all

  [[nodiscard]] bool goes_on_with(const Segment& segment) const {
    return segment.payload_size() <= head.payload_size() &&
           head.payload + payload_size + segment.payload_size() <= kLongestSuperFrame &&
           same_ethernet_header(head, segment) && same_ip_header(head, segment, count) &&
           same_tcp_header(head, segment, payload_size);
  }
};

}  // namespace

struct Coalescer::Work {
  std::size_t longest = kMaxFrameSize;
  bool stopped = false;
  std::array<std::uint8_t, kTagSize> tag{};
  std::size_t tag_size = 0;

  std::array<Run, kMostFrames> runs;
  std::size_t run_count = 0;
  std::array<std::uint16_t, kMostFrames> next{};  // frame's number to the number of the next in its run
  std::array<Run*, kOpenRuns> open{};
  std::size_t open_count = 0, evicted = 0;

  std::array<Bundle, kMostFrames> bundles;
  std::array<const FrameRef*, kMostFrames> order{};
  std::array<Bytes, 4 * kMostFrames> pieces;
  std::array<std::array<std::uint8_t, sizeof(VirtioNetHeader) + kLongestHead>, kMostFrames / 2> heads{};
  std::size_t order_count = 0, piece_count = 0, head_count = 0;

  void begin() { run_count = open_count = order_count = piece_count = head_count = 0; }

  // Finds the frame its place; `number` is where it stands in the batch.
  void take(std::uint16_t number, Bytes frame) {
    Segment segment;
    const Kind kind = stopped ? Kind::other : take_apart(frame, segment);
    if (kind == Kind::unsure) open_count = 0;
    const bool regular = kind == Kind::tcp && is_short_enough(frame) && is_regular(segment);
    if (kind == Kind::tcp && go_on(number, segment, regular)) return;
    Run& run = runs[run_count++];
    run = {.head = segment, .first = number, .last = number};
    if (!regular || segment.pushes() || segment.payload_size() < kSmallestSegment) return;
    run.payload_size = segment.payload_size();
    keep_open(run);
  }

  [[nodiscard]] bool is_short_enough(Bytes frame) const {
    return frame.size() <= longest + (load_be16(&frame[kAddressesSize]) == ethertype::vlan ? kTagSize : 0);
  }

  // Whether the segment went into the run of its flow. One that does not ends it, so that none overtakes it.
  bool go_on(std::uint16_t number, const Segment& segment, bool regular) {
    const auto end = open.begin() + static_cast<std::ptrdiff_t>(open_count);
    const auto found = std::find_if(open.begin(), end, [&](Run* run) { return same_flow(run->head, segment); });
    if (found == end) return false;
    Run& run = **found;
    const bool joins = regular && run.goes_on_with(segment);
    if (joins) {
      next[run.last] = number;
      run.last = number;
      ++run.count;
      run.payload_size += segment.payload_size();
    }
    if (!joins || segment.pushes() || segment.payload_size() < run.head.payload_size()) *found = open[--open_count];
    return joins;
  }

  void keep_open(Run& run) {
    if (open_count < kOpenRuns) {
      open[open_count++] = &run;
    } else {
      open[evicted++ % kOpenRuns] = &run;
    }
  }

  void lay_out(std::size_t index, std::span<const FrameRef> frames) {
    const Run& run = runs[index];
    const std::size_t first_piece = piece_count;
    const std::size_t first_in_order = order_count;
    for (std::uint16_t number = run.first, left = run.count; left > 0; --left, number = next[number])
      order[order_count++] = &frames[number];
    if (run.count == 1) {
      for (const Bytes piece : alone(frames[run.first].bytes()))
        if (!piece.empty()) pieces[piece_count++] = piece;
    } else {
      pieces[piece_count++] = make_head(run, frames[run.last].bytes());
      for (std::size_t i = first_in_order; i < order_count; ++i)
        pieces[piece_count++] = order[i]->bytes().subspan(run.head.payload);
    }
    bundles[index] = {.pieces = std::span(pieces).subspan(first_piece, piece_count - first_piece),
                      .frames = std::span(order).subspan(first_in_order, order_count - first_in_order)};
  }

  [[nodiscard]] std::array<Bytes, 4> alone(Bytes frame) const {
    if (tag_size == 0 || frame.size() < kEthernetHeaderSize) return {bytes_of(kOrdinary), frame};
    return {bytes_of(kOrdinary), frame.first(kAddressesSize), tag, frame.subspan(kAddressesSize)};
  }

  // The virtio-net header and all headers of a super-frame, which `last` is the end of.
  Bytes make_head(const Run& run, Bytes last) {
    const Segment& head = run.head;
    const std::size_t tcp_size = head.payload - head.transport + run.payload_size;
    VirtioNetHeader header;
    header.flags = VirtioNetHeader::kNeedsChecksum;
    header.gso_type = head.v6 ? VirtioNetHeader::kGsoTcp6 : VirtioNetHeader::kGsoTcp4;
    header.header_length = static_cast<std::uint16_t>(head.payload + tag_size);
    header.gso_size = static_cast<std::uint16_t>(head.payload_size());
    header.checksum_start = static_cast<std::uint16_t>(head.transport + tag_size);
    header.checksum_offset = kTcpChecksumAt;

    std::uint8_t* begin = heads[head_count++].data();
    std::uint8_t* at = begin;
    const auto append = [&at](Bytes bytes) { at = std::copy(bytes.begin(), bytes.end(), at); };
    append(bytes_of(header));
    append(head.frame.first(kAddressesSize));
    append(Bytes(tag).first(tag_size));
    append(head.frame.subspan(kAddressesSize, head.payload - kAddressesSize));

    std::uint8_t* tcp = at - (head.payload - head.transport);
    std::uint8_t* ip = tcp - (head.transport - head.network);
    if (head.v6) {
      store_be16(ip + 4, static_cast<std::uint16_t>(tcp_size));
    } else {
      store_be16(ip + 2, static_cast<std::uint16_t>(kIpv4HeaderSize + tcp_size));
      store_be16(ip + 10, 0);
      store_be16(ip + 10, checksum_fold(checksum_add(0, {ip, kIpv4HeaderSize})));
    }
    tcp[13] = last[head.transport + 13];
    const Bytes addresses = {tcp - head.addresses_size(), head.addresses_size()};
    const std::uint32_t pseudo = checksum_add(protocol::tcp + static_cast<std::uint32_t>(tcp_size), addresses);
    store_be16(tcp + kTcpChecksumAt, static_cast<std::uint16_t>(~checksum_fold(pseudo)));
    return {begin, at};
  }
};

Coalescer::Coalescer(std::size_t longest) : work_(std::make_unique<Work>()) { work_->longest = longest; }
Coalescer::Coalescer(Coalescer&&) noexcept = default;
Coalescer& Coalescer::operator=(Coalescer&&) noexcept = default;
Coalescer::~Coalescer() = default;

void Coalescer::put_tag(std::uint16_t type, std::uint16_t tci) {
  store_be16(&work_->tag[0], type);
  store_be16(&work_->tag[2], tci);
  work_->tag_size = kTagSize;
}

void Coalescer::stop() { work_->stopped = true; }
bool Coalescer::stopped() const { return work_->stopped; }

std::span<const Bundle> Coalescer::bundle(std::span<const FrameRef> frames) {
  SOFTLAN_CHECK(frames.size() <= kMostFrames);
  work_->begin();
  for (std::size_t i = 0; i < frames.size(); ++i) work_->take(static_cast<std::uint16_t>(i), frames[i].bytes());
  for (std::size_t i = 0; i < work_->run_count; ++i) work_->lay_out(i, frames);
  return std::span<const Bundle>(work_->bundles).first(work_->run_count);
}

std::array<Bytes, 4> Coalescer::alone(const FrameRef& frame) const { return work_->alone(frame.bytes()); }

}  // namespace softlan::proto
