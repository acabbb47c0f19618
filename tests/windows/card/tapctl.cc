// Stands for tapctl.exe of the driver under Wine, which installs no drivers: adds the adapter the driver's double
// serves to the registry and has the double loaded by cable.exe. Both lie in the folder of the program that asks.
//
//   tapctl create --name NAME --hwid root\tap0901
//
// SOFTLAN_TAPCTL=refuse: says a reason and fails.
#include <process.h>
#include <windows.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr const char* kClass = R"(SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}\0007)";
constexpr const char* kGuid = "{B1D00D1E-0007-4000-8000-5050534C414E}";

bool set(const std::string& key, const char* name, const std::string& text) {
  return RegSetKeyValueA(HKEY_LOCAL_MACHINE, key.c_str(), name, REG_SZ, text.c_str(),
                         static_cast<DWORD>(text.size() + 1)) == ERROR_SUCCESS;
}

bool add_adapter(const std::string& name) {
  const std::string connection =
      std::string(R"(SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\)") + kGuid +
      R"(\Connection)";
  return set(kClass, "ComponentId", R"(root\tap0901)") && set(kClass, "NetCfgInstanceId", kGuid) &&
         set(kClass, "DriverVersion", "9.27.0.0") && set(connection, "Name", name) &&
         set(connection, "PnpInstanceID", R"(ROOT\NET\0000)");
}

bool load_driver() {
  std::array<char, MAX_PATH> driver{};
  GetFullPathNameA("softlan_tap.sys", driver.size(), driver.data(), nullptr);
  return _spawnl(_P_WAIT, "cable.exe", "cable.exe", "load", driver.data(), "0007", nullptr) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool understood = argc == 6 && std::string_view(argv[1]) == "create" && std::string_view(argv[2]) == "--name" &&
                          std::string_view(argv[4]) == "--hwid" && std::string_view(argv[5]) == R"(root\tap0901)";
  if (!understood) return 2;
  if (std::getenv("SOFTLAN_TAPCTL")) {
    std::fputs("Creating adapter failed.\r\nThe driver is blocked (error 0x3).\r\n", stderr);
    return 1;
  }
  if (!add_adapter(argv[3]) || !load_driver()) return 3;
  std::puts(kGuid);
  return 0;
}
