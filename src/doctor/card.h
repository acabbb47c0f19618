// What can be known of this machine's network card without waiting, and what it means for a gateway.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "doctor/finding.h"
#include "proto/mac.h"

namespace softlan::doctor {

enum class Duplex : std::uint8_t { unknown, half, full };

struct Card {
  std::string name;  // as the user wrote it
  int index = 0;     // 0: there is no such interface
  proto::Mac mac{};
  bool ethernet = false;
  bool up = false;       // administratively
  bool carrier = false;  // a cable is plugged in, a peer is there
  bool wireless = false;
  std::string kind{};                  // of a virtual interface: "vlan", "bridge", "macvlan", ...; empty for hardware
  std::string owner{};                 // the interface that takes its frames
  std::string owner_kind{};            // "bridge", "bond" or "team"
  std::optional<unsigned> megabits{};  // a second; none: not known
  Duplex duplex = Duplex::unknown;
  bool large_receive = false;                 // LRO is on
  std::vector<std::string> lossy_offloads{};  // to be switched off on this kernel
  bool proxy_arp = false;
};

// The machine around it.
struct Machine {
  std::vector<std::string> missing_rights{};  // "CAP_NET_RAW", ...
  std::string program{};                      // path of the running program
  std::string kernel{};                       // "6.1.0-18-amd64"
  std::vector<std::string> interfaces{};      // those that carry Ethernet
};

[[nodiscard]] Findings judge(const Machine& machine, const Card& card);

}  // namespace softlan::doctor
