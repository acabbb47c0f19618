#include <windows.h>

#include "platform/file_lock.h"
#include "platform/files.h"
#include "platform/windows/handle.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

// Whoever opens a file without sharing it has it alone.
Result<FileLock> FileLock::take(const std::string& path) {
  if (!file_exists(path)) {
    if (auto made = write_private_file(path, ""); !made) return std::unexpected(made.error());
  }
  Handle file(CreateFileW(to_wide(path).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                          FILE_ATTRIBUTE_NORMAL, nullptr));
  if (file) return FileLock(std::make_shared<Handle>(std::move(file)));
  const DWORD error = GetLastError();
  if (error == ERROR_SHARING_VIOLATION) return fail("another program holds {}; does this one run already?", path);
  return fail("cannot open {}: {}", path, system_reason(error));
}

}  // namespace softlan::platform
