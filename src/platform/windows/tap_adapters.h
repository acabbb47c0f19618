// TAP-Windows6 adapters as the registry knows them, and their restart by the device installation functions.
//
// Creating, changing and restarting needs an administrator. Source: "Setup class keys" (network adapters are class
// {4D36E972-E325-11CE-BFC1-08002BE10318}); OemVista.inf of TAP-Windows6 for the component ids.
#pragma once

#include "base/tap_adapters.h"

namespace softlan::platform {

class WindowsTapAdapters final : public TapAdapters {
 public:
  [[nodiscard]] std::vector<TapAdapter> list() override;
  [[nodiscard]] Result<TapAdapter> create(const std::string& name) override;
  [[nodiscard]] Result<HardwareAddress> hardware_address(const TapAdapter& adapter) override;
  [[nodiscard]] Result<void> set_network_address(const TapAdapter& adapter,
                                                 const std::optional<std::string>& address) override;
  [[nodiscard]] Result<void> restart(const TapAdapter& adapter) override;
};

}  // namespace softlan::platform
