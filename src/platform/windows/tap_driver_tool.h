// The tool that comes with the TAP-Windows6 driver and makes adapters: tapctl.exe of OpenVPN, or tapinstall.exe of the
// driver's own installer.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace softlan::platform {

struct DriverTool {
  std::string path;
  std::vector<std::string> arguments;
};

// Where installers put it, with the arguments that make one more adapter. tapctl.exe calls it `name`; with
// tapinstall.exe Windows chooses a name. An error that says what to install when there is none.
[[nodiscard]] Result<DriverTool> find_driver_tool(const std::string& name);

}  // namespace softlan::platform
