// A log that is kept in a file: lines are appended, and the file cannot grow without end.
//
// A file that would pass kMaxBytes is moved aside ("log.txt" becomes "log.1.txt", over the one before) and begun anew,
// so both together stay below twice that. What cannot be written later (a full disk) is lost without a word.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spdlog::sinks {
class sink;
}

namespace softlan::obs {

class LogFile {
 public:
  static constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;

  // The error is a sentence that names the path.
  [[nodiscard]] static Result<LogFile> open(const std::string& path, std::size_t max_bytes = kMaxBytes);

  // One line, with its line end; in the file when this returns.
  void write(std::string_view line);

 private:
  explicit LogFile(std::shared_ptr<spdlog::sinks::sink> sink) : sink_(std::move(sink)) {}
  std::shared_ptr<spdlog::sinks::sink> sink_;
};

}  // namespace softlan::obs
