// What Windows' error numbers (those of its sockets, too) mean in words, for the end of a sentence.
#pragma once

#include <string>

namespace softlan::platform {

// Of GetLastError() ...
[[nodiscard]] std::string system_reason();
// ... or of this number.
[[nodiscard]] std::string system_reason(unsigned long error);

}  // namespace softlan::platform
