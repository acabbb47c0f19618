#include "doctor/probe_frames.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/bytes.h"
#include "proto/checksum.h"
#include "proto/ethernet.h"

namespace softlan::doctor {
namespace {

constexpr proto::Mac kEverybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
constexpr proto::Mac kAllRouters{{0x33, 0x33, 0, 0, 0, 2}};
constexpr std::size_t kShortestWireFrame = 60;  // IEEE 802.3, without the FCS
constexpr std::size_t kIpv4Size = 20;
constexpr std::size_t kUdpSize = 8;
constexpr std::size_t kIpv6Size = 40;
constexpr std::size_t kDhcpSize = 300;  // the shortest some servers take (RFC 1542, section 2.1)

void append(Frame& frame, Bytes bytes) { frame.insert(frame.end(), bytes.begin(), bytes.end()); }
void append(Frame& frame, std::initializer_list<std::uint8_t> bytes) { frame.insert(frame.end(), bytes); }

Frame begin(const proto::Mac& to, const proto::Mac& from, std::uint16_t ethertype) {
  Frame frame;
  append(frame, to.bytes);
  append(frame, from.bytes);
  append(frame, {static_cast<std::uint8_t>(ethertype >> 8), static_cast<std::uint8_t>(ethertype)});
  return frame;
}

Frame padded(Frame frame) {
  frame.resize(std::max(frame.size(), kShortestWireFrame));
  return frame;
}

// RFC 2131, section 2, with the options of RFC 2132.
std::array<std::uint8_t, kDhcpSize> discover_message(const proto::Mac& client, std::uint32_t transaction) {
  constexpr std::uint8_t kOptions[] = {0x63, 0x82, 0x53, 0x63,  // magic cookie
                                       53,   1,    1,           // DISCOVER
                                       55,   2,    1,    3,     // asks for mask and router
                                       255};
  std::array<std::uint8_t, kDhcpSize> message{1, 1, 6, 0};  // a request, over Ethernet
  store_be32(&message[4], transaction);
  message[10] = 0x80;  // answer by broadcast
  client.store(&message[28]);
  std::ranges::copy(kOptions, &message[236]);
  return message;
}

// 0.0.0.0 to 255.255.255.255, UDP without a checksum.
std::array<std::uint8_t, kIpv4Size + kUdpSize> discover_headers() {
  std::array<std::uint8_t, kIpv4Size + kUdpSize> headers{0x45};
  store_be16(&headers[2], kIpv4Size + kUdpSize + kDhcpSize);
  headers[8] = 64;
  headers[9] = proto::protocol::udp;
  std::fill_n(&headers[16], 4, std::uint8_t{0xff});
  store_be16(&headers[10], proto::checksum_fold(proto::checksum_add(0, Bytes(headers).first(kIpv4Size))));
  store_be16(&headers[20], 68);
  store_be16(&headers[22], 67);
  store_be16(&headers[24], kUdpSize + kDhcpSize);
  return headers;
}

}  // namespace

Frame arp_probe(const proto::Mac& from, const IpAddress& address) {
  Frame frame = begin(kEverybody, from, proto::ethertype::arp);
  append(frame, {0, 1, 0x08, 0x00, 6, 4, 0, 1});  // Ethernet, IPv4, request
  append(frame, from.bytes);
  append(frame, {0, 0, 0, 0});
  append(frame, proto::Mac{}.bytes);
  append(frame, Bytes(address.bytes).first(4));
  return padded(std::move(frame));
}

Frame dhcp_discover(const proto::Mac& from, std::uint32_t transaction) {
  Frame frame = begin(kEverybody, from, proto::ethertype::ipv4);
  append(frame, discover_headers());
  append(frame, discover_message(from, transaction));
  return frame;
}

Frame router_solicitation(const proto::Mac& from) {
  std::array<std::uint8_t, 8> message{133};
  std::array<std::uint8_t, kIpv6Size> header{0x60};
  store_be16(&header[4], message.size());
  header[6] = proto::protocol::icmpv6;
  header[7] = 255;
  constexpr std::array<std::uint8_t, 16> kAllRoutersAddress{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
  std::ranges::copy(kAllRoutersAddress, &header[24]);
  const std::array<std::uint8_t, 8> pseudo{0, 0, 0, message.size(), 0, 0, 0, proto::protocol::icmpv6};
  const std::uint32_t sum = proto::checksum_add(proto::checksum_add(0, Bytes(header).subspan(8)), pseudo);
  store_be16(&message[2], proto::checksum_fold(proto::checksum_add(sum, message)));
  Frame frame = begin(kAllRouters, from, proto::ethertype::ipv6);
  append(frame, header);
  append(frame, message);
  return padded(std::move(frame));
}

}  // namespace softlan::doctor
