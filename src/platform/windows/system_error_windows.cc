#include <fmt/format.h>
#include <windows.h>

#include <array>

#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

std::string system_reason() { return system_reason(GetLastError()); }

std::string system_reason(unsigned long error) {
  std::array<wchar_t, 512> text{};
  const DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, error, 0,
                                      text.data(), static_cast<DWORD>(text.size()), nullptr);
  std::wstring_view words(text.data(), length);
  while (words.ends_with(L'\n') || words.ends_with(L'\r') || words.ends_with(L'.') || words.ends_with(L' '))
    words.remove_suffix(1);
  return words.empty() ? fmt::format("error {}", error) : fmt::format("{} (error {})", to_utf8(words), error);
}

}  // namespace softlan::platform
