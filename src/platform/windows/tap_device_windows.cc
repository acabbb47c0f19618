#include <windows.h>
// After it.
#include <winioctl.h>

#include <utility>

#include "platform/windows/system_error.h"
#include "platform/windows/tap_device.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

constexpr DWORD code(DWORD function) {
  return CTL_CODE(FILE_DEVICE_UNKNOWN, function, METHOD_BUFFERED, FILE_ANY_ACCESS);
}
constexpr DWORD kGetMac = code(1);
constexpr DWORD kGetVersion = code(2);
constexpr DWORD kGetMtu = code(3);
constexpr DWORD kSetMedia = code(6);

struct Version {
  ULONG major, minor, debug;
};
constexpr ULONG kMajor = 9;
constexpr ULONG kMinor = 27;

// Asks the driver and waits for its answer. `value` goes to it and its answer comes back in the same place. No packet
// about this reaches a completion port: the lowest bit of the event says so (GetQueuedCompletionStatus()).
template <typename Value>
DWORD control(void* device, DWORD control_code, Value& value) {
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (!event) return GetLastError();
  OVERLAPPED overlapped{};
  overlapped.hEvent = reinterpret_cast<HANDLE>(reinterpret_cast<std::uintptr_t>(event) | 1);
  DWORD answered = 0;
  DWORD error = ERROR_SUCCESS;
  if (!DeviceIoControl(device, control_code, &value, sizeof(value), &value, sizeof(value), nullptr, &overlapped)) {
    error = GetLastError();
  }
  if (error == ERROR_SUCCESS || error == ERROR_IO_PENDING) {
    error = GetOverlappedResult(device, &overlapped, &answered, TRUE) ? ERROR_SUCCESS : GetLastError();
  }
  CloseHandle(event);
  return error;
}

std::unexpected<Error> cannot_open(const TapAdapter& adapter, DWORD error) {
  switch (error) {
    case ERROR_GEN_FAILURE:
    case ERROR_SHARING_VIOLATION:
    case ERROR_BUSY:
      return fail(
          "another program uses the adapter \"{}\"; close that program, or choose another adapter with "
          "--adapter",
          adapter.name);
    case ERROR_ACCESS_DENIED:
      return fail("Windows does not let us use the adapter \"{}\"; start this program as administrator", adapter.name);
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_DEV_NOT_EXIST:
      return fail("the adapter \"{}\" does not run; is it disabled? Enable it under Network Connections", adapter.name);
    default:
      return fail("cannot open the adapter \"{}\": {}", adapter.name, system_reason(error));
  }
}

// Builds before 9.26 drop frames shorter than 34 bytes; those before 9.27 let a program crash the machine
// (CVE-2024-1305).
std::unexpected<Error> too_old(const Version& version) {
  return fail(
      "the TAP driver is version {}.{}, which has a security hole (CVE-2024-1305); install TAP-Windows6 {}.{} "
      "or newer",
      version.major, version.minor, kMajor, kMinor);
}

}  // namespace

Result<TapDevice> TapDevice::open(const TapAdapter& adapter) {
  const std::wstring path = to_wide("\\\\.\\Global\\" + adapter.guid + ".tap");
  Handle handle(CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                            FILE_ATTRIBUTE_SYSTEM | FILE_FLAG_OVERLAPPED, nullptr));
  if (!handle) return cannot_open(adapter, GetLastError());
  Version version{};
  if (const DWORD error = control(handle.get(), kGetVersion, version)) return cannot_open(adapter, error);
  if (std::pair(version.major, version.minor) < std::pair(kMajor, kMinor)) return too_old(version);
  TapDevice device(std::move(handle), adapter.name);
  device.version_ = fmt::format("{}.{}", version.major, version.minor);
  return device;
}

Result<TapAdapters::HardwareAddress> TapDevice::hardware_address() const {
  TapAdapters::HardwareAddress address{};
  if (const DWORD error = control(handle_.get(), kGetMac, address)) {
    return fail("the adapter \"{}\" does not tell its MAC: {}", name_, system_reason(error));
  }
  return address;
}

Result<std::uint32_t> TapDevice::mtu() const {
  ULONG mtu = 0;
  if (const DWORD error = control(handle_.get(), kGetMtu, mtu)) {
    return fail("the adapter \"{}\" does not tell its MTU: {}", name_, system_reason(error));
  }
  return mtu;
}

Result<void> TapDevice::set_media(bool up) {
  ULONG status = up ? 1 : 0;
  const DWORD error = control(handle_.get(), kSetMedia, status);
  if (error == ERROR_SUCCESS) return {};
  return fail("cannot switch the cable of the adapter \"{}\" {}: {}", name_, up ? "on" : "off", system_reason(error));
}

Handle TapDevice::duplicate_handle() const {
  HANDLE copy = nullptr;
  const HANDLE process = GetCurrentProcess();
  DuplicateHandle(process, handle_.get(), process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
  return Handle(copy);
}

}  // namespace softlan::platform
