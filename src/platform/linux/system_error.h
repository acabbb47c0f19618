// What the kernel's error numbers mean in words, for the end of a sentence.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace softlan::platform {

[[nodiscard]] inline std::string system_reason(int error = errno) { return std::system_category().message(error); }

}  // namespace softlan::platform
