// A file that one program at a time may hold, until it ends in whatever way.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"

namespace softlan::platform {

class FileLock {
 public:
  // Creates `path` where it is missing, as write_private_file() does. An error when another program holds it.
  [[nodiscard]] static Result<FileLock> take(const std::string& path);

 private:
  explicit FileLock(std::shared_ptr<void> held) : held_(std::move(held)) {}

  std::shared_ptr<void> held_;  // the system's handle
};

}  // namespace softlan::platform
