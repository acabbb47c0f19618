#include "proto/dhcp.h"

#include <algorithm>

namespace softlan::proto {
namespace {

constexpr std::size_t kUdpHeaderSize = 8;

// RFC 2131, section 2.
constexpr std::size_t kTransactionAt = 4;  // xid
constexpr std::size_t kAddressAt = 16;     // yiaddr
constexpr std::size_t kClientAt = 28;      // chaddr
constexpr std::size_t kMagicAt = 236;
constexpr std::size_t kOptionsAt = 240;
constexpr std::uint32_t kMagic = 0x6382'5363;
constexpr std::uint8_t kReply = 2;

// RFC 2132.
constexpr std::uint8_t kPad = 0;
constexpr std::uint8_t kMessageType = 53;
constexpr std::uint8_t kServerIdentifier = 54;
constexpr std::uint8_t kEnd = 255;
constexpr std::uint8_t kOffer = 2;
constexpr std::uint8_t kAck = 5;

// The value of the first option of that code; empty when it is not there.
Bytes find_option(Bytes options, std::uint8_t code) {
  while (options.size() >= 3 && options[0] != kEnd) {
    if (options[0] == kPad) {
      options = options.subspan(1);
      continue;
    }
    const std::size_t end = options[1] + 2U;
    if (options[0] == code) return options.subspan(2, std::min(end, options.size()) - 2);
    options = options.subspan(std::min(options.size(), end));
  }
  return {};
}

bool is_of_type(Bytes options, std::uint8_t type) {
  const Bytes value = find_option(options, kMessageType);
  return !value.empty() && value[0] == type;
}

IpAddress load_ipv4(const std::uint8_t* p) {
  IpAddress address{IpAddress::Family::v4, {}};
  std::copy_n(p, 4, address.bytes.begin());
  return address;
}

// A server's answer to an Ethernet client; empty for anything else.
Bytes server_message(const TransportView& packet) {
  if (!packet.carries(protocol::udp) || packet.is_fragment || packet.source.family != IpAddress::Family::v4) return {};
  if (packet.header.size() < kUdpHeaderSize + kOptionsAt || load_be16(packet.header.data()) != 67) return {};
  const Bytes message = packet.header.subspan(kUdpHeaderSize);
  const bool for_ethernet = message[1] == 1 && message[2] == 6;
  return message[0] == kReply && for_ethernet && load_be32(&message[kMagicAt]) == kMagic ? message : Bytes();
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
  const Bytes message = server_message(packet);
  if (message.empty() || !is_of_type(message.subspan(kOptionsAt), kAck)) return {};
  if (load_be32(&message[kAddressAt]) == 0) return {};
  return DhcpLease{.address = load_ipv4(&message[kAddressAt]), .client = Mac::load(&message[kClientAt])};
}

std::optional<DhcpOffer> parse_dhcp_offer(const TransportView& packet) {
  const Bytes message = server_message(packet);
  if (message.empty() || !is_of_type(message.subspan(kOptionsAt), kOffer)) return {};
  const Bytes server = find_option(message.subspan(kOptionsAt), kServerIdentifier);
  if (server.size() != 4) return {};
  return DhcpOffer{.server = load_ipv4(server.data()), .transaction = load_be32(&message[kTransactionAt])};
}

}  // namespace softlan::proto
