#include "relay/guards.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/frame_pool.h"
#include "proto/dhcp.h"
#include "proto/group_report.h"
#include "proto/icmp.h"

namespace softlan::relay {

namespace ethertype = proto::ethertype;
using obs::DropReason;
using proto::HeaderChain;

namespace {

constexpr std::array<std::uint16_t, 6> kShieldedTcp = {
    135,         // RPC endpoint mapper
    139,  445,   // SMB, over NetBIOS sessions and by itself
    3389,        // remote desktop
    5985, 5986,  // WinRM
};
constexpr std::array<std::uint16_t, 2> kShieldedUdp = {135, 3389};  // TCP ports too

// Frames between neighbours on one cable.
DropReason guard_segment(const GuardConfig& config, const proto::FrameView& frame) {
  switch (frame.ethertype) {
    case ethertype::pause:
      return config.pause ? DropReason::pause : DropReason::none;
    case ethertype::eapol:
      return config.eapol ? DropReason::eapol : DropReason::none;
    default:
      return config.switch_control && proto::is_switch_control(frame) ? DropReason::switch_control : DropReason::none;
  }
}

// What the other guards and bindings look at. Inside a SNAP header no host of today puts any of it.
bool is_guarded(std::uint16_t type) {
  return type == ethertype::ipv4 || type == ethertype::ipv6 || type == ethertype::arp || type == ethertype::eapol ||
         type == ethertype::pause || proto::is_vlan_tag(type);
}

bool hides_its_contents(const proto::PacketView& packet) {
  if (packet.chain == HeaderChain::hidden) return true;
  if (packet.chain == HeaderChain::whole)
    return packet.transport.is_fragment && proto::is_neighbour_discovery(packet.transport);
  return proto::is_vlan_tag(packet.frame.ethertype) || is_guarded(proto::snap_ethertype(packet.frame));
}

bool may_be_tagged_so(const GuardConfig& config, const proto::FrameView& frame) {
  return std::ranges::all_of(std::span(frame.vlan_ids).first(frame.vlan_tags), [&](std::uint16_t id) {
    return id == 0 || std::ranges::find(config.allowed_vlans, id) != config.allowed_vlans.end();
  });
}

bool speaks_for_a_router(const proto::TransportView& packet) {
  return proto::is_router_message(packet) || proto::is_group_query(packet);
}

DropReason guard_against_client(const GuardConfig& config, const proto::PacketView& packet) {
  if (packet.frame.ethertype == ethertype::softlan) return DropReason::beacon;
  if (config.hidden_header && hides_its_contents(packet)) return DropReason::hidden_header;
  if (packet.chain == HeaderChain::whole) {
    if (config.dhcp_server && proto::is_dhcp_server_message(packet.transport)) return DropReason::dhcp_server;
    if (config.router_advertisement && speaks_for_a_router(packet.transport)) return DropReason::router_advertisement;
  }
  if (config.vlan && !may_be_tagged_so(config, packet.frame)) return DropReason::vlan_tag;
  return DropReason::none;
}

}  // namespace

DropReason guard(const GuardConfig& config, ctrl::Role sender, const proto::PacketView& packet) {
  if (packet.frame.bytes.size() > kMaxFrameSize) return DropReason::jumbo;
  const DropReason drop = guard_segment(config, packet.frame);
  if (drop != DropReason::none || sender == ctrl::Role::gateway) return drop;
  return guard_against_client(config, packet);
}

bool is_shielded_port(std::uint16_t port) { return std::ranges::find(kShieldedTcp, port) != kShieldedTcp.end(); }

bool is_shielded(const GuardConfig& config, const proto::PacketView& packet) {
  if (!config.home_shield || packet.chain != HeaderChain::whole || packet.transport.header.size() < 4) return false;
  const std::uint16_t port = load_be16(&packet.transport.header[2]);
  const auto is_port = [port](std::uint16_t other) { return other == port; };
  const bool closed = (packet.transport.carries(proto::protocol::tcp) && std::ranges::any_of(kShieldedTcp, is_port)) ||
                      (packet.transport.carries(proto::protocol::udp) && std::ranges::any_of(kShieldedUdp, is_port));
  return closed && std::ranges::none_of(config.opened_ports, is_port);
}

}  // namespace softlan::relay
