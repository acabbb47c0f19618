#include "proto/overlay.h"

#include <algorithm>

#include "base/frame_pool.h"
#include "proto/ethernet.h"

namespace softlan::proto {

namespace {

bool is_frame_size(std::size_t size) { return size >= kEthernetHeaderSize && size <= kMaxFrameSize; }

OverlayFault read_fragment(Bytes bytes, OverlayDatagram& datagram) {
  if (bytes.size() < kFragmentHeaderSize) return OverlayFault::too_short;
  const std::uint8_t* p = bytes.data() + kOverlayHeaderSize;
  datagram.fragment = {load_be16(p), load_be16(p + 2), load_be16(p + 4)};
  datagram.body = bytes.subspan(kFragmentHeaderSize);
  const std::size_t end = datagram.fragment.offset + datagram.body.size();
  const bool fits = !datagram.body.empty() && is_frame_size(datagram.fragment.total) && end <= datagram.fragment.total;
  return fits ? OverlayFault::none : OverlayFault::bad_length;
}

OverlayFault read_echo(Bytes bytes, OverlayDatagram& datagram) {
  if (bytes.size() < kEchoSize) return OverlayFault::too_short;
  const std::uint8_t* p = bytes.data() + kOverlayHeaderSize;
  datagram.echo = {PeerId{load_be16(p)}, load_be64(p + 2), (datagram.header.flags & kEchoReplyFlag) != 0};
  return bytes.size() == kEchoSize ? OverlayFault::none : OverlayFault::bad_length;
}

OverlayFault read(Bytes bytes, OverlayDatagram& datagram) {
  if (bytes.size() < kOverlayHeaderSize) return OverlayFault::too_short;
  if (bytes[0] >> 4 != kOverlayVersion) return OverlayFault::bad_version;
  datagram.header = {OverlayKind(bytes[0] & 0x0f), bytes[1], PeerId{load_be16(&bytes[2])}};
  datagram.body = bytes.subspan(kOverlayHeaderSize);
  switch (datagram.header.kind) {
    case OverlayKind::frame:
      return is_frame_size(datagram.body.size()) ? OverlayFault::none : OverlayFault::bad_length;
    case OverlayKind::fragment:
      return read_fragment(bytes, datagram);
    case OverlayKind::filler:
      return OverlayFault::none;
    case OverlayKind::echo:
      return read_echo(bytes, datagram);
  }
  return OverlayFault::bad_kind;
}

}  // namespace

OverlayParse parse_overlay(Bytes datagram) {
  OverlayParse parse;
  parse.fault = read(datagram, parse.datagram);
  return parse;
}

std::array<std::uint8_t, kOverlayHeaderSize> encode_header(const OverlayHeader& header) {
  std::array<std::uint8_t, kOverlayHeaderSize> out{};
  out[0] = static_cast<std::uint8_t>((kOverlayVersion << 4) | static_cast<std::uint8_t>(header.kind));
  out[1] = header.flags;
  store_be16(&out[2], to_number(header.sender));
  return out;
}

std::array<std::uint8_t, kFragmentHeaderSize> encode_fragment(PeerId sender, const FragmentHeader& fragment) {
  std::array<std::uint8_t, kFragmentHeaderSize> out{};
  std::ranges::copy(encode_header({OverlayKind::fragment, 0, sender}), out.begin());
  store_be16(&out[4], fragment.frame_id);
  store_be16(&out[6], fragment.offset);
  store_be16(&out[8], fragment.total);
  return out;
}

std::array<std::uint8_t, kEchoSize> encode_echo(PeerId sender, const Echo& echo) {
  std::array<std::uint8_t, kEchoSize> out{};
  const std::uint8_t flags = echo.reply ? kEchoReplyFlag : 0;
  std::ranges::copy(encode_header({OverlayKind::echo, flags, sender}), out.begin());
  store_be16(&out[4], to_number(echo.target));
  store_be64(&out[6], echo.cookie);
  return out;
}

}  // namespace softlan::proto
