#include "doctor/finding.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace softlan::doctor {
namespace {

struct Entry {
  Matter matter;
  std::string_view name;
  Weight weight;
  std::string_view sentence;  // {} is filled in with the next detail
};

constexpr auto kMatters = static_cast<std::size_t>(Matter::count_);
constexpr std::size_t kLongestDetail = 300;

using enum Weight;

constexpr std::array<Entry, kMatters> kEntries{{
    {Matter::may_listen, "may_listen", fine, "This program may listen on network cards and send there."},
    {Matter::needs_privilege, "needs_privilege", problem,
     "This program lacks {}: run it with sudo, or give it the right once: "
     "sudo setcap cap_net_raw,cap_net_admin+ep {}"},
    {Matter::no_interface, "no_interface", problem, "There is no interface {}; this machine has {}."},
    {Matter::not_ethernet, "not_ethernet", problem,
     "{} is not an Ethernet interface: use the network card that is plugged into the party's switch."},
    {Matter::switched_off, "switched_off", problem, "{0} is switched off: switch it on with: ip link set {0} up"},
    {Matter::no_cable, "no_cable", problem,
     "{} has no cable, or nothing at the other end of it: plug it into the party's switch."},
    {Matter::wireless, "wireless", problem,
     "{} is a Wi-Fi card, and an access point takes and gives frames of this computer only, not of the players: use a "
     "card with a cable."},
    {Matter::part_of_another, "part_of_another", problem,
     "{0} is a part of the {1} {2}, which takes its frames: use {2} instead, or take {0} out of it: "
     "ip link set {0} nomaster"},
    {Matter::own_mac_only, "own_mac_only", problem,
     "{} is a macvlan interface, which hears only what is for its own MAC: use the card below it."},
    {Matter::wired, "wired", fine, "{} has a cable, and something at the other end of it{}."},
    {Matter::vlan, "vlan", hint,
     "{} is one VLAN of a network card: players will be in that VLAN and see nothing of the others."},
    {Matter::bridge, "bridge", hint,
     "{} is a bridge of this machine: players reach all that is plugged into it, virtual machines too."},
    {Matter::half_duplex, "half_duplex", hint,
     "{} runs at half duplex, where frames collide and are lost: change the cable, and let both ends negotiate by "
     "themselves."},
    {Matter::slow, "slow", hint,
     "{} runs at {} Mbit/s: for 1000 use a cable with all four pairs (Cat 5e) and a gigabit port."},
    {Matter::large_receive, "large_receive", hint,
     "{0} glues arriving packets together for good (LRO): switch that off with: ethtool -K {0} lro off"},
    {Matter::udp_super_frames, "udp_super_frames", fine,
     "Kernel {} would lose UDP packets that {} hands over together; the gateway switches {} off while it runs."},
    {Matter::proxy_arp, "proxy_arp", hint,
     "This machine answers on {0} for addresses of others, which misleads players: switch that off with: "
     "sysctl net.ipv4.conf.{0}.proxy_arp=0"},

    {Matter::cannot_listen, "cannot_listen", problem, "The LAN could not be looked at: {}."},
    {Matter::foreign_mac_passes, "foreign_mac_passes", fine,
     "Frames of other computers pass in both directions: {} answered a MAC that is not this machine's."},
    {Matter::foreign_mac_blocked, "foreign_mac_blocked", problem,
     "{} answers this machine's own MAC, but no other one: the port at the other end lets one computer through. Switch "
     "off port security there; in a virtual machine allow promiscuous mode and forged transmits."},
    {Matter::foreign_mac_unknown, "foreign_mac_unknown", hint,
     "No other computer answered, so nobody knows whether frames of players pass: plug one in that has an address, and "
     "ask again."},
    {Matter::dhcp_server, "dhcp_server", fine, "The DHCP server {} answers: players get their address from it."},
    {Matter::dhcp_servers, "dhcp_servers", hint,
     "{} DHCP servers answer, so players may get addresses that do not fit together: switch off all but one of {}."},
    {Matter::no_dhcp_server, "no_dhcp_server", hint,
     "No DHCP server answers, and one on this machine would not be heard: without any, players need addresses by "
     "hand."},
    {Matter::ipv6_router, "ipv6_router", fine, "The IPv6 router {} answers."},
    {Matter::ipv6_routers, "ipv6_routers", hint,
     "{} IPv6 routers answer; if one of {} is not meant to, switch it off."},
    {Matter::address_conflict, "address_conflict", problem,
     "Two network cards say that they have the address {}: {} and {}. Give one of the two computers another address."},
    {Matter::spanning_tree, "spanning_tree", fine,
     "The switches keep a spanning tree, so a port works only half a minute after its cable is plugged in (root {})."},
    {Matter::loop, "loop", problem,
     "What was sent once came back {} times: the LAN has a loop. Look for a cable that connects two ports of the same "
     "switches, and unplug it."},
    {Matter::reflection, "reflection", hint,
     "What was sent came back: a virtual switch does that and the gateway lives with it, but if this is no virtual "
     "machine, look for a loop."},
    {Matter::repeated_broadcast, "repeated_broadcast", hint,
     "The same broadcast was heard {} times: look for a cable that makes a loop, or for a program gone wild on {}."},
    {Matter::noisy, "noisy", hint,
     "{} broadcasts a second are on this LAN; the gateway lets through only some of each kind, so that they do not "
     "fill "
     "your upload."},
    {Matter::softlan_gateway, "softlan_gateway", hint,
     "A softlan gateway is at work on this LAN ({}): that is fine when it is this machine's own, or has another room."},

    {Matter::relay_not_found, "relay_not_found", problem, "{} was not found: check the name and your DNS."},
    {Matter::relay_unreachable, "relay_unreachable", problem,
     "{} does not answer: check the address, the port and that the relay runs. Softlan needs UDP, which some networks "
     "block while web pages still work; then try another line or ask whoever runs the firewall."},
    {Matter::family_unreachable, "family_unreachable", hint,
     "{} answers over {} but not over {}: a player who has only that will not get in."},
    {Matter::relay_untrusted, "relay_untrusted", problem,
     "{} answers, but is not the relay that was meant: {}. Get the current link, pin or certificate."},
    {Matter::relay_name_mismatch, "relay_name_mismatch", problem,
     "The certificate of {} is not for the name {}: check --server-name."},
    {Matter::relay_strange, "relay_strange", problem,
     "{} answers, but not as a softlan relay of this version does: {}."},
    {Matter::relay_answers, "relay_answers", fine, "{} answers over UDP{}."},
    {Matter::relay_far, "relay_far", hint,
     "The way to {} and back takes {} ms: for fast games use a relay that is nearer."},
    {Matter::relay_unsteady, "relay_unsteady", hint,
     "The way to {} is unsteady (jitter {} ms, {} of {} echoes lost): use a cable instead of Wi-Fi, and let nothing "
     "large be sent meanwhile."},
    {Matter::narrow_path, "narrow_path", hint,
     "Packets to {} may hold {} bytes only (1500-byte paths allow 1400 or more): it works, with more packets. A VPN or "
     "a PPPoE line may be the cause."},
    {Matter::pass_right, "pass_right", fine, "The pass of room {} is right."},
    {Matter::pass_wrong, "pass_wrong", problem,
     "The relay lets nobody into room {} with this pass: it is another one, or the room is not open. Get the current "
     "link; a room that a gateway founds opens when that starts."},
    {Matter::pass_to_be_made, "pass_to_be_made", fine,
     "Rooms of this relay have passes; the gateway makes them when it founds room {}."},
    {Matter::no_pass_needed, "no_pass_needed", fine, "The relay lets everybody into room {}, without a pass."},
    {Matter::relay_unproven, "relay_unproven", problem,
     "{} does not know the pass of room {}, so this may not be the relay that is meant."},
    {Matter::relay_refuses, "relay_refuses", problem, "The relay refused a seat in room {}: {}"},
    {Matter::gateway_there, "gateway_there", hint,
     "Room {} has a gateway now; if that is not this machine's own, use another room."},
}};

consteval bool entries_follow_the_enumeration() {
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<std::size_t>(kEntries[i].matter) != i) return false;
  }
  return true;
}
static_assert(entries_follow_the_enumeration());

const Entry& entry_of(Matter matter) { return kEntries[std::min(static_cast<std::size_t>(matter), kMatters - 1)]; }

}  // namespace

std::string_view to_string(Weight weight) {
  switch (weight) {
    case fine:
      return "fine";
    case hint:
      return "hint";
    case problem:
      return "problem";
  }
  return "problem";
}

std::string_view to_string(Matter matter) { return entry_of(matter).name; }
Weight weight_of(Matter matter) { return entry_of(matter).weight; }

std::string sentence(const Finding& finding) {
  std::string text;
  std::size_t next = 0;
  const std::string_view pattern = entry_of(finding.matter).sentence;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '{') {
      text += pattern[at];
      continue;
    }
    const bool numbered = pattern[at + 1] != '}';
    const std::size_t which = numbered ? static_cast<std::size_t>(pattern[at + 1] - '0') : next++;
    if (which < finding.details.size()) text += printable(finding.details[which], kLongestDetail);
    at += numbered ? 2 : 1;
  }
  return text;
}

}  // namespace softlan::doctor
