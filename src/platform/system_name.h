// What this machine runs, for reports people send each other.
#pragma once

#include <string>

namespace softlan::platform {

// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64", "Windows 10.0.22631"; fit for a terminal.
[[nodiscard]] std::string system_name();

}  // namespace softlan::platform
