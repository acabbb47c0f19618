// What the doctor has to say: one finding is one line for the organiser, what is wrong and what to do.
//
// Every matter has one sentence, in one table (finding.cc); its name is what programs read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace softlan::doctor {

// How much a finding weighs.
enum class Weight : std::uint8_t {
  fine,     // as it should be
  hint,     // a party is possible, but somebody may notice
  problem,  // stands in the way
};

enum class Matter : std::uint8_t {
  // this machine and its card
  may_listen,
  needs_privilege,
  no_interface,
  not_ethernet,
  switched_off,
  no_cable,
  wireless,
  part_of_another,
  own_mac_only,
  wired,
  vlan,
  bridge,
  half_duplex,
  slow,
  large_receive,
  udp_super_frames,
  proxy_arp,
  // the LAN
  cannot_listen,
  foreign_mac_passes,
  foreign_mac_blocked,
  foreign_mac_unknown,
  dhcp_server,
  dhcp_servers,
  no_dhcp_server,
  ipv6_router,
  ipv6_routers,
  address_conflict,
  spanning_tree,
  loop,
  reflection,
  repeated_broadcast,
  noisy,
  softlan_gateway,
  // the relay
  relay_not_found,
  relay_unreachable,
  family_unreachable,
  relay_untrusted,
  relay_name_mismatch,
  relay_strange,
  relay_answers,
  relay_far,
  relay_unsteady,
  narrow_path,
  pass_right,
  pass_wrong,
  pass_to_be_made,
  no_pass_needed,
  relay_unproven,
  relay_refuses,
  gateway_there,
  count_  // not a matter: how many there are
};

struct Finding {
  Matter matter;
  std::vector<std::string> details{};  // what the sentence mentions, in its order
};

using Findings = std::vector<Finding>;

// The enumerators' own names.
[[nodiscard]] std::string_view to_string(Weight weight);
[[nodiscard]] std::string_view to_string(Matter matter);
[[nodiscard]] Weight weight_of(Matter matter);
// Fit for a terminal, whatever the details hold.
[[nodiscard]] std::string sentence(const Finding& finding);

}  // namespace softlan::doctor
