#include "proto/tcp_mss.h"

#include "proto/checksum.h"

namespace softlan::proto {
namespace {

constexpr std::uint8_t kSyn = 0x02;
constexpr std::size_t kTcpHeaderSize = 20;
constexpr std::size_t kFlagsAt = 13;
constexpr std::size_t kChecksumAt = 16;

constexpr std::uint8_t kEndOfOptions = 0;
constexpr std::uint8_t kNoOperation = 1;
constexpr std::uint8_t kMssOption = 2;
constexpr std::size_t kMssOptionSize = 4;

// The TCP header with its options; empty when it is no SYN's or cut short.
Bytes syn_header(Bytes segment) {
  if (segment.size() < kTcpHeaderSize || (segment[kFlagsAt] & kSyn) == 0) return {};
  const std::size_t size = (segment[12] >> 4) * std::size_t{4};
  return size <= segment.size() ? segment.first(size) : Bytes{};
}

// The MSS option's value, empty when there is none.
Bytes find_value(Bytes header) {
  std::size_t at = kTcpHeaderSize;
  while (at < header.size() && header[at] != kEndOfOptions) {
    if (header[at] == kNoOperation) {
      ++at;
      continue;
    }
    if (at + 1 >= header.size()) return {};
    const std::size_t size = header[at + 1];
    if (size < 2 || at + size > header.size()) return {};
    if (header[at] == kMssOption) return size == kMssOptionSize ? header.subspan(at + 2, 2) : Bytes{};
    at += size;
  }
  return {};
}

std::uint16_t swapped(std::uint16_t word) { return static_cast<std::uint16_t>(word << 8 | word >> 8); }
std::uint16_t complement(std::uint16_t word) { return static_cast<std::uint16_t>(~word); }

}  // namespace

std::optional<TcpMss> find_tcp_mss(const PacketView& packet) {
  const TransportView& transport = packet.transport;
  if (packet.chain != HeaderChain::whole || transport.protocol != protocol::tcp || transport.is_fragment) return {};
  const Bytes header = syn_header(transport.header);
  const Bytes value = find_value(header);
  if (value.empty()) return {};

  const FrameView& frame = packet.frame;
  const std::uint8_t* start = frame.bytes.data();
  const std::size_t ip_header_size = frame.ethertype == ethertype::ipv4 ? 20 : 40;
  return TcpMss{.value = load_be16(value.data()),
                .overhead = static_cast<std::size_t>(frame.payload.data() - start) + ip_header_size + kTcpHeaderSize,
                .value_at = static_cast<std::size_t>(value.data() - start),
                .checksum_at = static_cast<std::size_t>(header.data() - start) + kChecksumAt};
}

void set_tcp_mss(MutableBytes frame, const TcpMss& mss, std::uint16_t value) {
  // A value at an odd place lies across two of the checksum's words, its bytes in each other's places.
  const bool across = (mss.value_at - mss.checksum_at) % 2 != 0;
  const std::uint16_t before = across ? swapped(mss.value) : mss.value;
  const std::uint16_t after = across ? swapped(value) : value;
  const std::uint16_t checksum = load_be16(&frame[mss.checksum_at]);
  store_be16(&frame[mss.checksum_at], checksum_fold(std::uint32_t{complement(checksum)} + complement(before) + after));
  store_be16(&frame[mss.value_at], value);
}

}  // namespace softlan::proto
