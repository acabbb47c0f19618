// Text for and from Windows' own functions, which take UTF-16; everywhere else text is UTF-8. What is not valid becomes
// U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace softlan::platform {

[[nodiscard]] std::wstring to_wide(std::string_view utf8);
[[nodiscard]] std::string to_utf8(std::wstring_view wide);

}  // namespace softlan::platform
