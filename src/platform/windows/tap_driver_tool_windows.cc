#include <windows.h>

#include <array>

#include "platform/windows/tap_driver_tool.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

std::string program_files() {
  std::array<wchar_t, MAX_PATH> path{};
  const DWORD size = GetEnvironmentVariableW(L"ProgramFiles", path.data(), static_cast<DWORD>(path.size()));
  return size > 0 && size < path.size() ? to_utf8({path.data(), size}) : "C:\\Program Files";
}

bool is_there(const std::string& path) { return GetFileAttributesW(to_wide(path).c_str()) != INVALID_FILE_ATTRIBUTES; }

}  // namespace

Result<DriverTool> find_driver_tool(const std::string& name) {
  const std::string programs = program_files();
  const std::string tap_windows = programs + "\\TAP-Windows";
  const std::vector<std::string> create{"create", "--name", name, "--hwid", "root\\tap0901"};
  const std::array tools = {
      DriverTool{programs + "\\OpenVPN\\bin\\tapctl.exe", create},
      DriverTool{tap_windows + "\\bin\\tapctl.exe", create},
      DriverTool{tap_windows + "\\bin\\tapinstall.exe", {"install", tap_windows + "\\driver\\OemVista.inf", "tap0901"}},
  };
  for (const DriverTool& tool : tools) {
    if (is_there(tool.path)) return tool;
  }
  return fail(
      "the TAP-Windows6 driver is missing; install it (it comes with OpenVPN's installer, option \"TAP-Windows6\") "
      "and start this program again");
}

}  // namespace softlan::platform
