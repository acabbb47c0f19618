// The machine's network interfaces by name: which exist, what state they are in, what address they have.
//
// Questions to the kernel, asked at start and after a change (RouteMonitor), never per frame.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace softlan::platform {

// What the kernel accepts: 1 to 15 printable characters, no '/', ':', '%' or blanks, neither "." nor "..".
[[nodiscard]] bool is_interface_name(std::string_view name);

// Interfaces that carry Ethernet frames (no loopback, no layer-3 tunnels), sorted by name.
[[nodiscard]] std::vector<std::string> interface_names();

struct InterfaceState {
  bool exists = false;
  bool up = false;       // administratively ("ip link set ... up")
  bool carrier = false;  // a cable is plugged in, a peer is there

  bool operator==(const InterfaceState&) const = default;
};

[[nodiscard]] InterfaceState interface_state(std::string_view name);

// The first IPv4 address with its prefix length, "192.168.77.23/24".
[[nodiscard]] std::optional<std::string> ipv4_address(std::string_view interface);

}  // namespace softlan::platform
