#include <windows.h>
// After it.
#include <setupapi.h>

#include <memory>

#include "platform/windows/adapter_restart.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

struct DeviceListCloser {
  void operator()(void* list) const { SetupDiDestroyDeviceInfoList(list); }
};

bool change_properties(HDEVINFO list, SP_DEVINFO_DATA& device) {
  SP_PROPCHANGE_PARAMS change{};
  change.ClassInstallHeader = {.cbSize = sizeof(SP_CLASSINSTALL_HEADER), .InstallFunction = DIF_PROPERTYCHANGE};
  change.StateChange = DICS_PROPCHANGE;
  change.Scope = DICS_FLAG_CONFIGSPECIFIC;
  return SetupDiSetClassInstallParamsW(list, &device, &change.ClassInstallHeader, sizeof(change)) &&
         SetupDiCallClassInstaller(DIF_PROPERTYCHANGE, list, &device);
}

// Whether Windows could not do it before the machine starts again.
bool waits_for_reboot(HDEVINFO list, SP_DEVINFO_DATA& device) {
  SP_DEVINSTALL_PARAMS_W parameters{};
  parameters.cbSize = sizeof(parameters);
  return SetupDiGetDeviceInstallParamsW(list, &device, &parameters) &&
         (parameters.Flags & (DI_NEEDREBOOT | DI_NEEDRESTART)) != 0;
}

}  // namespace

Result<void> restart_device(const std::string& device, const std::string& name) {
  const auto failed = [&name](DWORD error) {
    return fail("cannot restart the adapter \"{}\": {}", name, system_reason(error));
  };
  const HDEVINFO opened = SetupDiCreateDeviceInfoList(nullptr, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return failed(GetLastError());
  const std::unique_ptr<void, DeviceListCloser> list(opened);
  SP_DEVINFO_DATA data{};
  data.cbSize = sizeof(data);
  if (!SetupDiOpenDeviceInfoW(opened, to_wide(device).c_str(), nullptr, 0, &data)) return failed(GetLastError());
  if (!change_properties(opened, data)) return failed(GetLastError());
  if (waits_for_reboot(opened, data)) {
    return fail(
        "the adapter \"{}\" is in use and restarts only with Windows; close other programs that use it, or "
        "restart Windows",
        name);
  }
  return {};
}

}  // namespace softlan::platform
