// A party made up from a seed: who takes part, over what lines, and what goes wrong when.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/line.h"

namespace softlan::sim {

enum class Fault : std::uint8_t {
  relay_restart,    // killed, away for a while, started again
  relay_stop,       // SIGSTOP and soon SIGCONT
  relay_freeze,     // and after seconds only
  gateway_restart,  // like the relay's, for the members
  client_restart,
  member_stop,  // like the relay's
  member_freeze,
  nat_rebind,  // new outside port, the old one is dead
  line_cut,    // nothing passes for a while
  mtu_rise,    // the path carries larger packets from now on
  mtu_fall,    // and smaller ones, without a word
  count_
};

[[nodiscard]] std::string_view to_string(Fault fault);

struct PlannedFault {
  Fault kind = Fault::relay_restart;
  Duration begins{};  // after the start
  Duration lasts{};
  std::size_t member = 0;  // whom it hits, where it hits one
};

struct PlannedMember {
  bool is_gateway = false;
  std::string room;
  LineConfig line;
  std::size_t lan_hosts = 0;  // of a gateway
};

struct Scenario {
  std::uint64_t seed = 0;
  bool tells_unreachable = true;  // ICMP where nobody listens
  std::vector<PlannedMember> members;
  std::vector<PlannedFault> faults;

  // When the last fault is over.
  [[nodiscard]] Duration calm_from() const;
  [[nodiscard]] std::string describe() const;
};

// Of the faults, only those in `allowed` are drawn.
[[nodiscard]] Scenario make_scenario(std::uint64_t seed, const std::set<Fault>& allowed);

}  // namespace softlan::sim
