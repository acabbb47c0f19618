// The tool that comes with the TAP-Windows6 driver and makes adapters: tapctl.exe of OpenVPN, or tapinstall.exe of the
// driver's own installer.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace softlan::platform {

struct DriverTool {
  std::string path;
  std::vector<std::string> arguments;  // that make one more adapter
};

// Where installers put it; an error that says what to install when there is none.
[[nodiscard]] Result<DriverTool> find_driver_tool();

}  // namespace softlan::platform
