// What the kernel knows of one Ethernet interface, followed by its index so that a new name does not lose it.
//
// A question over rtnetlink(7), asked at start and when something changed (RouteMonitor), never per frame.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "proto/mac.h"

namespace softlan::platform {

struct EthernetLink {
  int index = 0;
  std::string name;
  proto::Mac mac;
  std::uint32_t mtu = 0;
  bool up = false;       // administratively
  bool carrier = false;  // a cable is plugged in, a peer is there
  std::string owner;     // the bridge, bond or team it is a part of; empty when it stands by itself

  bool operator==(const EthernetLink&) const = default;
};

// Empty when there is no such interface.
[[nodiscard]] std::optional<EthernetLink> ethernet_link(int index);

}  // namespace softlan::platform
