// What a few seconds of asking and listening on the LAN brought, and what it means for a party.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "doctor/finding.h"
#include "proto/mac.h"

namespace softlan::doctor {

// One IPv4 address that was asked for, and who said to have it.
struct Asked {
  IpAddress address;
  bool own = false;            // of this machine
  bool foreign_heard = false;  // an answer came to the MAC that is not this machine's
  bool own_heard = false;      // an answer came to this machine's MAC
  std::vector<proto::Mac> holders{};
};

struct Lan {
  std::vector<Asked> asked;
  std::vector<IpAddress> dhcp_servers;
  std::vector<IpAddress> ipv6_routers;
  std::optional<std::string> spanning_tree_root;  // as switches write it: "32768.02:00:00:00:00:01"
  std::vector<proto::Mac> softlan_gateways;
  unsigned sent = 0;             // broadcasts from the foreign MAC
  unsigned returned = 0;         // frames heard that came from it
  unsigned most_repeats = 0;     // of one broadcast or multicast frame
  proto::Mac repeated{};         // who sent that
  std::uint64_t broadcasts = 0;  // and multicasts
  Duration listened{};
};

[[nodiscard]] Findings judge(const Lan& lan);

}  // namespace softlan::doctor
