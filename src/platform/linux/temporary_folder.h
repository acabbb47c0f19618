// A folder of our own for files another program needs while it runs; removed with the object.
//
// It is locked (flock) for as long as its owner lives. A folder without that lock was left by a process that was
// killed, and goes with the next create().
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "platform/linux/file_descriptor.h"

namespace softlan::platform {

class TemporaryFolder {
 public:
  // For the owner alone (0700), under $RUNTIME_DIRECTORY, /run, /tmp or /var/tmp: the first where files may be created
  // and, because scripts go there, executed (/run often is mounted "noexec"). Removes what others with this prefix and
  // owner have left there.
  [[nodiscard]] static Result<TemporaryFolder> create(std::string_view prefix);

  TemporaryFolder(TemporaryFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
  }
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

  // Creates a file for the owner alone, executable or not; answers its path.
  [[nodiscard]] Result<std::string> add_file(std::string_view name, std::string_view content, bool executable) const;

 private:
  TemporaryFolder(std::string path, FileDescriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  FileDescriptor lock_;  // closed after the folder has gone
};

}  // namespace softlan::platform
