#include "proto/icmp.h"

#include <algorithm>

namespace softlan::proto {
namespace {

// ICMP
constexpr std::uint8_t kRedirect4 = 5;
constexpr std::uint8_t kRouterAdvertisement4 = 9;
// ICMPv6
constexpr std::uint8_t kRouterSolicitation = 133;
constexpr std::uint8_t kRouterAdvertisement = 134;
constexpr std::uint8_t kNeighbourSolicitation = 135;
constexpr std::uint8_t kNeighbourAdvertisement = 136;
constexpr std::uint8_t kRedirect = 137;

constexpr std::size_t kTargetAt = 8;
constexpr std::uint8_t kSourceLinkAddress = 1;
constexpr std::uint8_t kTargetLinkAddress = 2;

// Where the options begin; 0 for types that are none of these.
std::size_t options_at(std::uint8_t type) {
  switch (type) {
    case kRouterSolicitation:
      return 8;
    case kRouterAdvertisement:
      return 16;
    case kNeighbourSolicitation:
    case kNeighbourAdvertisement:
      return 24;
    default:
      return 0;
  }
}

// False when the options do not add up.
bool read_options(Bytes options, NeighbourView& view) {
  while (!options.empty()) {
    if (options.size() < 8) return false;
    const std::size_t size = options[1] * std::size_t{8};
    if (size == 0 || size > options.size()) return false;
    if (options[0] == kSourceLinkAddress || options[0] == kTargetLinkAddress) {
      const Mac mac = Mac::load(&options[2]);
      view.contradictory = view.contradictory || (view.link_address && *view.link_address != mac);
      view.link_address = mac;
    }
    options = options.subspan(size);
  }
  return true;
}

IpAddress target_of(Bytes message) {
  IpAddress target{IpAddress::Family::v6, {}};
  std::ranges::copy(message.subspan(kTargetAt, target.bytes.size()), target.bytes.begin());
  return target;
}

}  // namespace

bool is_router_message(const TransportView& packet) {
  if (packet.header.empty()) return false;
  const std::uint8_t type = packet.header[0];
  if (packet.source.family == IpAddress::Family::v4)
    return packet.carries(protocol::icmp) && (type == kRedirect4 || type == kRouterAdvertisement4);
  return packet.carries(protocol::icmpv6) && (type == kRouterAdvertisement || type == kRedirect);
}

bool is_neighbour_discovery(const TransportView& packet) {
  if (packet.source.family != IpAddress::Family::v6 || !packet.carries(protocol::icmpv6)) return false;
  return !packet.header.empty() && packet.header[0] >= kRouterSolicitation && packet.header[0] <= kRedirect;
}

std::optional<NeighbourView> parse_neighbour(const TransportView& packet) {
  if (!is_neighbour_discovery(packet) || packet.is_fragment || packet.hop_limit != 255) return {};
  const Bytes message = packet.header;
  const std::uint8_t type = message[0];
  const std::size_t header_size = options_at(type);
  if (header_size == 0 || message.size() < header_size || message[1] != 0) return {};

  const bool unspecified = packet.source == IpAddress{IpAddress::Family::v6, {}};
  NeighbourView view{.address = packet.source};
  view.is_probe = type == kNeighbourSolicitation && unspecified;
  if (view.is_probe || type == kNeighbourAdvertisement) view.address = target_of(message);
  if (!read_options(message.subspan(header_size), view)) return {};
  return view;
}

std::optional<IpAddress> solicited_address(const TransportView& packet) {
  if (!parse_neighbour(packet) || packet.header[0] != kNeighbourSolicitation) return {};
  return target_of(packet.header);
}

}  // namespace softlan::proto
