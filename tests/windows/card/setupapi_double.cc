// A double of setupapi.dll for Wine, which cannot restart a device: the few functions the client uses for that, and the
// driver's double instead of Windows to do it.
#define _SETUPAPI_
#include <windows.h>
// After it.
#include <setupapi.h>

#include <string_view>

#include "cable_seam.h"

namespace {

// There is one list, with one device in it.
bool opened = false;
bool restart_wanted = false;
const HDEVINFO kList = &opened;

BOOL refuse(DWORD error) {
  SetLastError(error);
  return FALSE;
}

BOOL restart_adapter() {
  const HANDLE cable = CreateFileW(LR"(\\.\SoftlanCable)", GENERIC_READ | GENERIC_WRITE,
                                   FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr);
  if (cable == INVALID_HANDLE_VALUE) return FALSE;
  DWORD answered = 0;
  const BOOL done = DeviceIoControl(cable, softlan::cable::kRestart, nullptr, 0, nullptr, 0, &answered, nullptr);
  CloseHandle(cable);
  return done;
}

}  // namespace

extern "C" {

HDEVINFO WINAPI SetupDiCreateDeviceInfoList(const GUID*, HWND) { return kList; }

WINBOOL WINAPI SetupDiDestroyDeviceInfoList(HDEVINFO) {
  opened = restart_wanted = false;
  return TRUE;
}

WINBOOL WINAPI SetupDiOpenDeviceInfoW(HDEVINFO, PCWSTR instance, HWND, DWORD, PSP_DEVINFO_DATA data) {
  if (data->cbSize != sizeof(SP_DEVINFO_DATA)) return refuse(ERROR_INVALID_USER_BUFFER);
  opened = std::wstring_view(instance).starts_with(LR"(ROOT\NET\)");
  return opened ? TRUE : refuse(ERROR_NO_SUCH_DEVINST);
}

WINBOOL WINAPI SetupDiSetClassInstallParamsW(HDEVINFO, PSP_DEVINFO_DATA, PSP_CLASSINSTALL_HEADER header, DWORD size) {
  const auto* change = reinterpret_cast<const SP_PROPCHANGE_PARAMS*>(header);
  restart_wanted = opened && size == sizeof(*change) && header->cbSize == sizeof(*header) &&
                   header->InstallFunction == DIF_PROPERTYCHANGE && change->StateChange == DICS_PROPCHANGE;
  return restart_wanted ? TRUE : refuse(ERROR_INVALID_PARAMETER);
}

WINBOOL WINAPI SetupDiCallClassInstaller(DI_FUNCTION function, HDEVINFO, PSP_DEVINFO_DATA) {
  if (function != DIF_PROPERTYCHANGE || !restart_wanted) return refuse(ERROR_INVALID_PARAMETER);
  return restart_adapter();
}

WINBOOL WINAPI SetupDiGetDeviceInstallParamsW(HDEVINFO, PSP_DEVINFO_DATA, PSP_DEVINSTALL_PARAMS_W parameters) {
  parameters->Flags = 0;
  return TRUE;
}
}
