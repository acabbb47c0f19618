// Whose a folder is: in %ProgramData% every user may make one, and its owner may change whatever is in it later.
#pragma once

#include <string>

#include "base/result.h"

namespace softlan::platform {

// A security identifier as text, "S-1-5-21-...": of the user this program runs for.
[[nodiscard]] std::wstring own_sid();

struct FolderFacts {
  bool is_folder = true;
  bool is_link = false;  // a reparse point: a junction, a symbolic link
  std::wstring owner;    // security identifier
};

// An error, the sentence to show, unless it is a real folder of the user `self`, of administrators or of the system.
[[nodiscard]] Result<void> judge_folder(const std::string& path, const FolderFacts& facts, const std::wstring& self);
// The same for what is at `path` now.
[[nodiscard]] Result<void> check_folder(const std::string& path);

}  // namespace softlan::platform
