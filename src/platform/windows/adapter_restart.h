// Stopping and starting one device, as "Disable" and "Enable" in the device manager do, in one step that leaves it
// enabled whatever happens to us meanwhile. Needs an administrator. Source: SP_PROPCHANGE_PARAMS, DICS_PROPCHANGE.
#pragma once

#include <string>

#include "base/result.h"

namespace softlan::platform {

// `device` is its instance: "ROOT\NET\0000". `name` is for the sentence.
[[nodiscard]] Result<void> restart_device(const std::string& device, const std::string& name);

}  // namespace softlan::platform
