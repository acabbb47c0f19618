// Asking the person at the terminal for something nobody else should read.
#pragma once

#include <optional>
#include <string>

namespace softlan::platform {

// Whether there is somebody to ask: standard input is a terminal.
[[nodiscard]] bool has_terminal();
// Whether somebody watches: standard error is a terminal.
[[nodiscard]] bool is_watched();

// Prints `prompt` and reads one line that is not shown while it is typed. Empty at end of input and when a signal
// (Ctrl-C) comes instead. Blocks; the terminal is as it was before in every case but SIGKILL.
[[nodiscard]] std::optional<std::string> ask_secret(const std::string& prompt);

}  // namespace softlan::platform
