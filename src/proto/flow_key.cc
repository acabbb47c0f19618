#include "proto/flow_key.h"

#include <algorithm>
#include <optional>

#include "proto/ethernet.h"

namespace softlan::proto {

namespace {

constexpr std::size_t kIpv4HeaderSize = 20;
constexpr std::size_t kIpv6HeaderSize = 40;
constexpr std::size_t kVlanTagSize = 4;
constexpr int kMaxVlanTags = 2;
constexpr int kMaxExtensionHeaders = 8;
constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint64_t kOfFragments = std::uint64_t{1} << 63;  // no ports look like it

class Hash {
 public:
  explicit Hash(std::uint64_t salt) : value_(salt) {}

  Hash& add(std::uint64_t part) {
    value_ ^= part;
    value_ *= 0x9e3779b97f4a7c15;
    value_ ^= value_ >> 32;
    return *this;
  }
  // Once more, so that the last part reaches the low bits too.
  [[nodiscard]] std::uint64_t value() { return add(0).value_; }

 private:
  std::uint64_t value_;
};

// In these, "none" is a packet that is not told apart from others between the same two MAC addresses.

std::optional<std::uint64_t> by_ports(Hash hash, std::uint8_t protocol, Bytes header) {
  if ((protocol != protocol::tcp && protocol != protocol::udp) || header.size() < 4) return {};
  return hash.add(std::uint64_t{load_be32(header.data())} << 8 | protocol).value();
}

std::optional<std::uint64_t> by_ipv4(Hash hash, Bytes packet) {
  if (packet.size() < kIpv4HeaderSize || packet[0] >> 4 != 4) return {};
  const std::size_t header_size = (packet[0] & 0x0fU) * 4;
  if (header_size < kIpv4HeaderSize || packet.size() < header_size) return {};
  const std::uint8_t protocol = packet[9];
  hash.add(load_be64(&packet[12]));  // both addresses
  const bool is_fragment = (load_be16(&packet[6]) & 0x3fff) != 0;
  if (is_fragment) return hash.add(kOfFragments | std::uint64_t{load_be16(&packet[4])} << 8 | protocol).value();
  return by_ports(hash, protocol, packet.subspan(header_size));
}

// The protocol of an IPv6 fragment is left out: only the first one's counts (RFC 8200, section 4.5).
std::optional<std::uint64_t> by_ipv6(Hash hash, Bytes packet) {
  if (packet.size() < kIpv6HeaderSize || packet[0] >> 4 != 6) return {};
  for (std::size_t at = 8; at < kIpv6HeaderSize; at += 8) hash.add(load_be64(&packet[at]));
  std::uint8_t protocol = packet[6];
  Bytes rest = packet.subspan(kIpv6HeaderSize);
  for (int skipped = 0; skipped < kMaxExtensionHeaders && rest.size() >= 8; ++skipped) {
    const bool is_fragment = protocol == kFragmentHeader && (load_be16(&rest[2]) & 0xfff9) != 0;
    if (is_fragment) return hash.add(kOfFragments | load_be32(&rest[4])).value();
    const std::size_t size = extension_size(protocol, rest);
    if (size == 0) break;
    protocol = rest[0];
    rest = rest.subspan(std::min(size, rest.size()));
  }
  return by_ports(hash, protocol, rest);
}

std::optional<std::uint64_t> by_packet(Hash hash, std::uint16_t type, Bytes packet) {
  if (type == ethertype::ipv4) return by_ipv4(hash, packet);
  if (type == ethertype::ipv6) return by_ipv6(hash, packet);
  return {};
}

}  // namespace

std::uint64_t flow_key(Bytes frame, std::uint64_t salt) {
  Hash hash(salt);
  if (frame.size() < kEthernetHeaderSize) return hash.value();
  std::size_t type_at = 12;
  for (int tags = 0; tags < kMaxVlanTags && is_vlan_tag(load_be16(&frame[type_at])); ++tags) {
    if (frame.size() < type_at + kVlanTagSize + 2) break;
    type_at += kVlanTagSize;
  }
  const std::uint16_t type = load_be16(&frame[type_at]);
  if (const auto key = by_packet(hash, type, frame.subspan(type_at + 2))) return *key;
  return hash.add(load_be64(frame.data())).add(std::uint64_t{load_be32(&frame[8])} << 16 | type).value();
}

}  // namespace softlan::proto
