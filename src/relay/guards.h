// What a room does not forward because of what it is: one switch's control frames confuse another, and a player's DHCP
// server or router would take over the party's LAN. docs/guards.md has every guard with its reason.
//
// Gateways' own frames (proto/beacon.h) come from no client, whatever is switched off.
//
// What they say about one frame depends on nothing but that frame; addresses.h remembers who has which address.
#pragma once

#include <cstdint>
#include <vector>

#include "ctrl/messages.h"
#include "obs/drop_reason.h"
#include "proto/ethernet.h"

namespace softlan::relay {

// The guards of one room that are on. The second and the third group are about clients only.
struct GuardConfig {
  bool switch_control = true;
  bool eapol = true;
  bool pause = true;

  bool hidden_header = true;  // without it the others can be got around
  bool dhcp_server = true;
  bool router_advertisement = true;
  bool vlan = true;
  std::vector<std::uint16_t> allowed_vlans = {};  // of clients; priority tags (VLAN 0) always pass

  bool address_claims = true;  // addresses.h
  bool duplicate_mac = true;   // Room::is_mac_on_lan()
  bool home_shield = true;
  std::vector<std::uint16_t> opened_ports = {};  // of those the shield closes
};

// Whether the home-PC shield is about this port, so that opening it means something.
[[nodiscard]] bool is_shielded_port(std::uint16_t port);

// Why a frame of such a sender must not pass; `none` when it may.
[[nodiscard]] obs::DropReason guard(const GuardConfig& config, ctrl::Role sender, const proto::PacketView& packet);

// Whether the home-PC shield keeps a client's packet from the other clients: it is for Windows file sharing, RPC,
// remote desktop or remote management.
[[nodiscard]] bool is_shielded(const GuardConfig& config, const proto::PacketView& packet);

}  // namespace softlan::relay
