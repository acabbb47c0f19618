#include "proto/dhcp.h"

#include <algorithm>

namespace softlan::proto {
namespace {

constexpr std::size_t kUdpHeaderSize = 8;

// RFC 2131, section 2.
constexpr std::size_t kAddressAt = 16;  // yiaddr
constexpr std::size_t kClientAt = 28;   // chaddr
constexpr std::size_t kMagicAt = 236;
constexpr std::size_t kOptionsAt = 240;
constexpr std::uint32_t kMagic = 0x6382'5363;
constexpr std::uint8_t kReply = 2;

// RFC 2132.
constexpr std::uint8_t kPad = 0;
constexpr std::uint8_t kMessageType = 53;
constexpr std::uint8_t kEnd = 255;
constexpr std::uint8_t kAck = 5;

bool is_ack(Bytes options) {
  while (options.size() >= 3 && options[0] != kEnd) {
    if (options[0] == kPad) {
      options = options.subspan(1);
      continue;
    }
    if (options[0] == kMessageType) return options[2] == kAck;
    options = options.subspan(std::min<std::size_t>(options.size(), options[1] + 2U));
  }
  return false;
}

}  // namespace

bool is_dhcp_server_message(const TransportView& packet) {
  if (!packet.carries(protocol::udp) || packet.header.size() < 4) return false;
  const bool v4 = packet.source.family == IpAddress::Family::v4;
  const std::uint16_t server_port = v4 ? 67 : 547;
  const std::uint16_t client_port = v4 ? 68 : 546;
  return load_be16(&packet.header[0]) == server_port || load_be16(&packet.header[2]) == client_port;
}

std::optional<DhcpLease> parse_dhcp_ack(const TransportView& packet) {
  if (!packet.carries(protocol::udp) || packet.is_fragment || packet.source.family != IpAddress::Family::v4) return {};
  if (packet.header.size() < kUdpHeaderSize + kOptionsAt || load_be16(packet.header.data()) != 67) return {};
  const Bytes message = packet.header.subspan(kUdpHeaderSize);
  const bool for_ethernet = message[1] == 1 && message[2] == 6;
  if (message[0] != kReply || !for_ethernet || load_be32(&message[kMagicAt]) != kMagic) return {};
  if (!is_ack(message.subspan(kOptionsAt)) || load_be32(&message[kAddressAt]) == 0) return {};
  DhcpLease lease{.address = {IpAddress::Family::v4, {}}, .client = Mac::load(&message[kClientAt])};
  std::ranges::copy(message.subspan(kAddressAt, 4), lease.address.bytes.begin());
  return lease;
}

}  // namespace softlan::proto
