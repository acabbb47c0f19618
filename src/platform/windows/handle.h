// A handle of the system's with one owner, closed when the owner goes.
#pragma once

#include <utility>

namespace softlan::platform {

class Handle {
 public:
  using Native = void*;  // HANDLE

  Handle() = default;
  // Takes ownership; null and INVALID_HANDLE_VALUE mean "none".
  explicit Handle(Native handle);
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() { close(); }

  [[nodiscard]] Native get() const { return handle_; }
  // Gives up ownership.
  [[nodiscard]] Native release() { return std::exchange(handle_, nullptr); }
  void close();
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  Native handle_ = nullptr;
};

}  // namespace softlan::platform
