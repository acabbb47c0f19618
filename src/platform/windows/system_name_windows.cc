#include "platform/system_name.h"

#include <fmt/format.h>

#include "platform/windows/system_function.h"

namespace softlan::platform {

std::string system_name() {
  // GetVersionEx() tells what the manifest knows of, not what runs (its documentation; RtlGetVersion's).
  using RtlGetVersion = LONG WINAPI(OSVERSIONINFOW*);
  OSVERSIONINFOW version{};
  version.dwOSVersionInfoSize = sizeof version;
  const auto ask = system_function<RtlGetVersion>(L"ntdll.dll", "RtlGetVersion");
  if (!ask || ask(&version) != 0) return "Windows";
  return fmt::format("Windows {}.{}.{}", version.dwMajorVersion, version.dwMinorVersion, version.dwBuildNumber);
}

}  // namespace softlan::platform
