// A pass or a link kept in a file, or typed: never an argument, where every process could read it.
#pragma once

#include <string>

#include "base/result.h"

namespace softlan::apps {

// The first line of the file, or of standard input for "-".
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

}  // namespace softlan::apps
