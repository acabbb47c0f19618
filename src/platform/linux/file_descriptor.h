// A file descriptor with one owner, closed when the owner goes.
#pragma once

#include <utility>

namespace softlan::platform {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  // Takes ownership; a negative number means "none".
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  void close();
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

}  // namespace softlan::platform
