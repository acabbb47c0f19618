// A folder of our own for files another program needs while it runs; removed with the object.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace softlan::platform {

class TemporaryFolder {
 public:
  // For the owner alone (0700), under $RUNTIME_DIRECTORY, /run, /tmp or /var/tmp: the first where files may be created
  // and, because scripts go there, executed (/run often is mounted "noexec").
  [[nodiscard]] static Result<TemporaryFolder> create(std::string_view prefix);

  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

  // Creates a file for the owner alone, executable or not; answers its path.
  [[nodiscard]] Result<std::string> add_file(std::string_view name, std::string_view content, bool executable) const;

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace softlan::platform
