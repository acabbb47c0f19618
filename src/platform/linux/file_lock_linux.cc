#include <fcntl.h>
#include <sys/file.h>

#include "platform/file_lock.h"
#include "platform/files.h"
#include "platform/linux/file_descriptor.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

Result<FileLock> FileLock::take(const std::string& path) {
  if (!file_exists(path)) {
    if (auto made = write_private_file(path, ""); !made) return std::unexpected(made.error());
  }
  FileDescriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!file) return fail("cannot open {}: {}", path, system_reason());
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return fail("another program holds {}; does this one run already?", path);
  return FileLock(std::make_shared<FileDescriptor>(std::move(file)));
}

}  // namespace softlan::platform
