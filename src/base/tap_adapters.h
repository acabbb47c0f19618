// The virtual network cards of the TAP-Windows6 driver on a machine, and what may be changed about them (Windows:
// platform/windows/tap_adapters.h).
//
// Every error is a sentence.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace softlan {

// One adapter as Windows remembers it.
struct TapAdapter {
  std::string guid;                            // names it for good: "{...}"
  std::string name;                            // of its connection, as people see it and may change it
  std::string component_id;                    // "tap0901" or "root\tap0901"
  std::string driver_version;                  // "9.27.0.0"
  std::string key;                             // of its driver's settings in the class of network adapters: "0007"
  std::string device;                          // instance of the device: "ROOT\NET\0000"
  std::optional<std::string> network_address;  // the MAC it was told to have, twelve hex digits

  auto operator<=>(const TapAdapter&) const = default;
};

class TapAdapters {
 public:
  using HardwareAddress = std::array<std::uint8_t, 6>;

  virtual ~TapAdapters() = default;

  [[nodiscard]] virtual std::vector<TapAdapter> list() = 0;
  // A new adapter with that name, made by the driver's own tool; an error when it is not there or fails.
  [[nodiscard]] virtual Result<TapAdapter> create(const std::string& name) = 0;
  // The MAC it has now. An error when another program has the adapter open.
  [[nodiscard]] virtual Result<HardwareAddress> hardware_address(const TapAdapter& adapter) = 0;
  // The MAC it has after its next start; nothing is the one it was made with.
  [[nodiscard]] virtual Result<void> set_network_address(const TapAdapter& adapter,
                                                         const std::optional<std::string>& address) = 0;
  // Stops and starts this adapter alone; it is there again when this returns. Seconds may pass.
  [[nodiscard]] virtual Result<void> restart(const TapAdapter& adapter) = 0;
};

}  // namespace softlan
