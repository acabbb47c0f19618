// Small files the programs keep: identities, certificates, pins.
//
// Every error is a sentence that names the path.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace softlan::platform {

// False only when there is certainly nothing at `path`; a file that may not be looked at exists.
[[nodiscard]] bool file_exists(const std::string& path);

// The whole content of a regular file. A file of more than `max_bytes` is an error.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

// Replaces `path` in one step: readers see the old content or the new, also after a power cut. Missing parent folders
// are created for the owner alone (0700). The file ends up readable by the owner alone (0600) ...
[[nodiscard]] Result<void> write_private_file(const std::string& path, std::string_view content);
// ... or by everybody (0644).
[[nodiscard]] Result<void> write_public_file(const std::string& path, std::string_view content);

// Where `program` ("relay", "client", ...) keeps what must survive a restart: $STATE_DIRECTORY as systemd sets it, else
// /var/lib/lanparty/PROGRAM for root, else $XDG_STATE_HOME or ~/.local/state, followed by /lanparty/PROGRAM. Created by
// the first write, not here. On Windows %ProgramData%\lanparty, created here; an error when somebody else made it.
[[nodiscard]] Result<std::string> default_state_directory(std::string_view program);

}  // namespace softlan::platform
