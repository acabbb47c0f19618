#include <windows.h>

#include <array>

#include "platform/windows/registry.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

constexpr std::size_t kLongestName = 256;  // of a key, its end included ("Registry Element Size Limits")

HKEY handle(void* key) { return static_cast<HKEY>(key); }

// Of what may be `bytes` long with or without its end.
std::wstring_view without_end(const wchar_t* text, DWORD bytes) {
  std::wstring_view view(text, bytes / sizeof(wchar_t));
  return view.substr(0, view.find(L'\0'));
}

}  // namespace

void RegistryKey::Closer::operator()(void* key) const { RegCloseKey(handle(key)); }

std::optional<RegistryKey> RegistryKey::open(std::string_view path) {
  HKEY key = nullptr;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, to_wide(path).c_str(), 0, KEY_READ, &key) != ERROR_SUCCESS) return std::nullopt;
  return RegistryKey(key, path);
}

Result<RegistryKey> RegistryKey::open_to_write(std::string_view path) {
  HKEY key = nullptr;
  const LSTATUS error = RegOpenKeyExW(HKEY_LOCAL_MACHINE, to_wide(path).c_str(), 0, KEY_READ | KEY_WRITE, &key);
  if (error == ERROR_SUCCESS) return RegistryKey(key, path);
  return fail("cannot open the registry key HKLM\\{}: {}", path, system_reason(static_cast<DWORD>(error)));
}

std::vector<std::string> RegistryKey::keys() const {
  std::vector<std::string> found;
  std::array<wchar_t, kLongestName> name{};
  for (DWORD i = 0;; ++i) {
    DWORD size = kLongestName;
    if (RegEnumKeyExW(handle(key_.get()), i, name.data(), &size, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS)
      return found;
    found.push_back(to_utf8({name.data(), size}));
  }
}

std::optional<std::string> RegistryKey::text(std::string_view name) const {
  const std::wstring wide = to_wide(name);
  DWORD type = 0;
  DWORD bytes = 0;
  LSTATUS error = RegQueryValueExW(handle(key_.get()), wide.c_str(), nullptr, &type, nullptr, &bytes);
  if (error != ERROR_SUCCESS || type != REG_SZ) return std::nullopt;
  std::wstring value(bytes / sizeof(wchar_t), L'\0');
  error =
      RegQueryValueExW(handle(key_.get()), wide.c_str(), nullptr, &type, reinterpret_cast<BYTE*>(value.data()), &bytes);
  if (error != ERROR_SUCCESS || type != REG_SZ) return std::nullopt;
  return to_utf8(without_end(value.data(), bytes));
}

Result<void> RegistryKey::set_text(std::string_view name, std::string_view text) {
  const std::wstring value = to_wide(text);
  const LSTATUS error =
      RegSetValueExW(handle(key_.get()), to_wide(name).c_str(), 0, REG_SZ, reinterpret_cast<const BYTE*>(value.c_str()),
                     static_cast<DWORD>((value.size() + 1) * sizeof(wchar_t)));
  if (error == ERROR_SUCCESS) return {};
  return fail("cannot write {} in HKLM\\{}: {}", name, path_, system_reason(static_cast<DWORD>(error)));
}

Result<void> RegistryKey::remove(std::string_view name) {
  const LSTATUS error = RegDeleteValueW(handle(key_.get()), to_wide(name).c_str());
  if (error == ERROR_SUCCESS || error == ERROR_FILE_NOT_FOUND) return {};
  return fail("cannot remove {} in HKLM\\{}: {}", name, path_, system_reason(static_cast<DWORD>(error)));
}

}  // namespace softlan::platform
