// Another program, run to its end without a window.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace softlan::platform {

// `path` is the whole path of an .exe. An error when it cannot be started, takes longer than `limit` or does not end
// with exit code 0; then its last line is part of the sentence.
[[nodiscard]] Result<void> run_program(const std::string& path, const std::vector<std::string>& arguments,
                                       std::chrono::milliseconds limit);

}  // namespace softlan::platform
