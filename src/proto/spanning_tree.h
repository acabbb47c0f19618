// What a switch's spanning tree says to its neighbours, as far as it matters to a bystander (IEEE 802.1D, clause 9.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "proto/ethernet.h"

namespace softlan::proto {

// Whether the switches are about to forget where hosts are: a topology change notification, or a configuration BPDU
// (also of the rapid and multiple spanning trees) with the topology change flag.
[[nodiscard]] bool announces_topology_change(const FrameView& frame);

struct BridgeId {
  std::uint16_t priority = 0;
  Mac mac;

  bool operator==(const BridgeId&) const = default;
};
// "32768.02:00:00:00:00:01"
[[nodiscard]] std::string to_string(const BridgeId& bridge);
// The root of the tree as a configuration BPDU names it; empty for anything else.
[[nodiscard]] std::optional<BridgeId> spanning_tree_root(const FrameView& frame);

}  // namespace softlan::proto
