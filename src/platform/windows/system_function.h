// Functions that not every Windows has: looked up while the program runs, as it would not start otherwise.
#pragma once

#include <windows.h>

#include <bit>

namespace softlan::platform {

// Null where `library`, one that this program has loaded anyway, has none of that name.
template <typename Function>
[[nodiscard]] Function* system_function(const wchar_t* library, const char* name) {
  const HMODULE module = GetModuleHandleW(library);
  return module ? std::bit_cast<Function*>(GetProcAddress(module, name)) : nullptr;
}

}  // namespace softlan::platform
