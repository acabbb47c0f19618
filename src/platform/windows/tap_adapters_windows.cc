#include <windows.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "platform/windows/adapter_restart.h"
#include "platform/windows/child_program.h"
#include "platform/windows/registry.h"
#include "platform/windows/tap_adapters.h"
#include "platform/windows/tap_device.h"
#include "platform/windows/tap_driver_tool.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

constexpr const char* kAdapters = "SYSTEM\\CurrentControlSet\\Control\\Class\\{4D36E972-E325-11CE-BFC1-08002BE10318}\\";
constexpr const char* kConnections =
    "SYSTEM\\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}\\";
constexpr const char* kNetworkAddress = "NetworkAddress";
constexpr auto kToolTime = std::chrono::minutes(2);  // the driver may have to be installed
constexpr auto kNetshTime = std::chrono::seconds(20);
// A restarted adapter opens its device some time after the call has returned.
constexpr DWORD kRestartPauseMs = 100;
constexpr int kRestartPauses = 100;

bool is_tap_windows6(std::string_view component_id) {
  std::string id(component_id);
  std::ranges::transform(id, id.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return id == "tap0901" || id == "root\\tap0901";
}

std::optional<TapAdapter> read_adapter(const std::string& key) {
  const auto settings = RegistryKey::open(kAdapters + key);
  if (!settings || !is_tap_windows6(settings->text("ComponentId").value_or(""))) return std::nullopt;
  const auto guid = settings->text("NetCfgInstanceId");
  if (!guid) return std::nullopt;
  const auto connection = RegistryKey::open(kConnections + *guid + "\\Connection");
  if (!connection) return std::nullopt;
  return TapAdapter{.guid = *guid,
                    .name = connection->text("Name").value_or(*guid),
                    .component_id = *settings->text("ComponentId"),
                    .driver_version = settings->text("DriverVersion").value_or(""),
                    .key = key,
                    .device = connection->text("PnpInstanceID").value_or(""),
                    .network_address = settings->text(kNetworkAddress)};
}

Result<void> rename(const std::string& from, const std::string& to) {
  std::array<wchar_t, MAX_PATH> system{};
  const UINT size = GetSystemDirectoryW(system.data(), static_cast<UINT>(system.size()));
  return run_program(to_utf8({system.data(), size}) + "\\netsh.exe",
                     {"interface", "set", "interface", "name=" + from, "newname=" + to}, kNetshTime);
}

// The new adapter once it has that name; otherwise the next start would make one more.
Result<TapAdapter> call(const TapAdapter& adapter, const std::string& name) {
  if (adapter.name == name) return adapter;
  const auto renamed = rename(adapter.name, name);
  const auto now = read_adapter(adapter.key);
  if (now && now->name == name) return *now;
  return fail("the new adapter \"{}\" does not take the name \"{}\" ({}); rename it under Network Connections",
              adapter.name, name, renamed ? "Windows gives no reason" : renamed.error().message);
}

}  // namespace

std::vector<TapAdapter> WindowsTapAdapters::list() {
  std::vector<TapAdapter> found;
  const auto adapters = RegistryKey::open(kAdapters);
  if (!adapters) return found;
  for (const std::string& key : adapters->keys()) {
    if (auto adapter = read_adapter(key)) found.push_back(std::move(*adapter));
  }
  return found;
}

Result<TapAdapter> WindowsTapAdapters::create(const std::string& name) {
  const auto tool = find_driver_tool(name);
  if (!tool) return std::unexpected(tool.error());
  const std::vector<TapAdapter> before = list();
  if (auto made = run_program(tool->path, tool->arguments, kToolTime); !made) return std::unexpected(made.error());
  for (const TapAdapter& adapter : list()) {
    if (std::ranges::find(before, adapter.guid, &TapAdapter::guid) == before.end()) return call(adapter, name);
  }
  return fail("{} made no adapter; make one with it by hand and name it with --adapter", tool->path);
}

Result<TapAdapters::HardwareAddress> WindowsTapAdapters::hardware_address(const TapAdapter& adapter) {
  const auto device = TapDevice::open(adapter);
  if (!device) return std::unexpected(device.error());
  return device->hardware_address();
}

Result<void> WindowsTapAdapters::set_network_address(const TapAdapter& adapter,
                                                     const std::optional<std::string>& address) {
  auto settings = RegistryKey::open_to_write(kAdapters + adapter.key);
  if (!settings) return std::unexpected(settings.error());
  return address ? settings->set_text(kNetworkAddress, *address) : settings->remove(kNetworkAddress);
}

Result<void> WindowsTapAdapters::restart(const TapAdapter& adapter) {
  if (auto restarted = restart_device(adapter.device, adapter.name); !restarted) return restarted;
  for (int pause = 0;; ++pause) {
    const auto device = TapDevice::open(adapter);
    if (device) return {};
    if (pause == kRestartPauses) return std::unexpected(device.error());
    Sleep(kRestartPauseMs);
  }
}

}  // namespace softlan::platform
